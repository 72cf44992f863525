/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What else runs on this host, at a glance: headsets, instrument, phones; and the outages of today.
 *
 * @module
 */

import type { GameClient, StandingAlarm, TriggerFigures } from "../panels.ts";
import { element, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import { drawSign, sign, type SignName } from "./signs.ts";
import { svg } from "./svg.ts";
import { TodaysOutages } from "./todays_outages.ts";
import type { View } from "./top_bar.ts";
import type { MembersModel } from "./members_model.ts";
import { cadenceWords } from "./trigger_words.ts";
import { withUrl } from "./url_state.ts";

/** Values of a sparkline. */
const TRACE_MAX = 90;
/** How often a figure that tells of itself is traced, in milliseconds. */
const TRACE_MS = 5_000;
const WIDTH = 120;
const HEIGHT = 32;

/** The newest value of the instrument, and its curve. */
export interface Reading {
  readonly value: number | undefined;
  readonly unit: string;
  readonly curve: readonly (number | null)[];
}

/** What a tile says beside its figure. */
interface TileWords {
  readonly figure: string;
  readonly unit: string;
  readonly sign: SignName;
  readonly kind: string;
  readonly words: string;
}

/** A figure that leads to its view. */
class Tile {
  readonly link: HTMLAnchorElement;
  readonly #figure = element("b", {}, "–");
  readonly #unit = element("span", { class: "soft" });
  readonly #sign = sign("unknown");
  readonly #words = element("span", { "data-was": text("silent.was") });
  readonly #note = element("span", { class: "part" }, this.#sign, this.#words);
  readonly #line = svg("polyline");
  #trace: number[] = [];
  #tracedAt = -Infinity;

  constructor(view: View, title: string) {
    const picture = svg(
      "svg",
      { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
      this.#line,
    );
    this.link = element(
      "a",
      { class: "tile", href: withUrl({ view }), "data-view": view },
      element("span", { class: "tile-title" }, title, sign("open")),
      element("span", { class: "tile-figure" }, this.#figure, " ", this.#unit),
      picture,
      this.#note,
    );
  }

  say({ figure, unit, sign: name, kind, words }: TileWords): void {
    setText(this.#figure, figure);
    setText(this.#unit, unit);
    drawSign(this.#sign, name);
    setText(this.#words, words);
    if (this.#note.dataset["kind"] !== kind) {
      this.#note.dataset["kind"] = kind;
      this.#note.className = `part ${kind}`;
    }
  }

  /** Adds to the line what its figure is now. */
  trace(value: number): void {
    const now = performance.now();
    if (now - this.#tracedAt < TRACE_MS) return;
    this.#tracedAt = now;
    this.#trace = [...this.#trace, value].slice(-TRACE_MAX);
    this.draw(this.#trace);
  }

  draw(curve: readonly (number | null)[]): void {
    const values = curve.filter((value) => value !== null);
    const low = Math.min(...values);
    const span = Math.max(...values) - low;
    const points = values.map((value, index) => {
      const x = WIDTH * index / Math.max(1, values.length - 1);
      const part = span === 0 ? 0.5 : (value - low) / span;
      return `${x.toFixed(1)},${(HEIGHT - 2 - part * (HEIGHT - 4)).toFixed(1)}`;
    });
    this.#line.setAttribute("points", points.length < 2 ? "" : points.join(" "));
  }
}

/** The column beside the list. */
export class Tiles {
  readonly column = element("aside", { class: "tiles", "aria-label": text("tiles.title") });
  readonly #headsets: Tile | undefined;
  readonly #instrument: Tile | undefined;
  readonly #phones: Tile | undefined;
  #alarms: readonly StandingAlarm[] = [];

  /**
   * @param parts What this host has: `games`, `instrument`, `trigger`.
   * @param read Reads the instrument.
   */
  constructor(parts: ReadonlySet<string>, model: MembersModel, read: () => Reading | undefined) {
    const tile = (part: string, view: View, title: string) =>
      parts.has(part) ? new Tile(view, title) : undefined;
    this.#headsets = tile("games", "headsets", text("bar.headsets"));
    this.#instrument = tile("instrument", "instrument", text("tiles.pressure"));
    this.#phones = tile("trigger", "phones", text("trigger.title"));
    for (const made of [this.#headsets, this.#instrument, this.#phones]) {
      if (made !== undefined) this.column.append(made.link);
    }
    this.column.append(new TodaysOutages(model).section);
    if (this.#instrument !== undefined) setInterval(() => this.#showReading(read()), 1_000);
  }

  /** Shows the headsets. */
  showHeadsets(clients: readonly GameClient[]): void {
    const connected = clients.filter(({ state }) => state !== "DISCONNECTED");
    const stopped = clients.filter(({ emergency }) => emergency).length;
    const count = (state: GameClient["state"]) =>
      connected.filter((client) => client.state === state).length;
    const waiting = count("UNCALIBRATED");
    const words = [
      ...(waiting > 0 ? [text("tiles.uncalibrated", { count: waiting })] : []),
      text("tiles.ready", { count: count("CALIBRATED") }),
      text("tiles.playing", { count: count("RUNNING") }),
    ];
    const isCalm = waiting === 0;
    this.#headsets?.say({
      figure: speech.number(connected.length),
      unit: text("tiles.connected"),
      ...(stopped > 0
        ? { sign: "emergency", kind: "lost", words: text("tiles.stopped", { count: stopped }) }
        : { sign: isCalm ? "ok" : "ring", kind: isCalm ? "ok" : "", words: words.join(", ") }),
    });
    this.#headsets?.trace(connected.length);
  }

  /** Shows the phones. */
  showPhones(figures: TriggerFigures): void {
    const { words, isOnTime } = cadenceWords(figures);
    this.#phones?.say({
      figure: speech.number(figures.clients),
      unit: text("tiles.phones"),
      sign: isOnTime ? "ok" : "late",
      kind: isOnTime ? "ok" : "late",
      words,
    });
    this.#phones?.trace(figures.clients);
  }

  /** Shows the alarms of the instrument. */
  showAlarms(alarms: readonly StandingAlarm[]): void {
    this.#alarms = alarms;
  }

  #showReading(reading: Reading | undefined): void {
    const { value, unit = "", curve = [] } = reading ?? {};
    const isKnown = value !== undefined && !document.body.classList.contains("is-stale");
    this.#instrument?.say({
      figure: isKnown ? speech.number(value, 1) : "–",
      unit: isKnown ? unit : "",
      ...lookOf(this.#alarms),
      words: alarmWords(this.#alarms),
    });
    if (isKnown) this.#instrument?.draw(curve);
  }
}

/** As the verdict judges alarms. */
function lookOf(alarms: readonly StandingAlarm[]): Pick<TileWords, "sign" | "kind"> {
  if (alarms.length === 0) return { sign: "ok", kind: "ok" };
  const isHigh = alarms.some(({ priority }) => priority === "PRIORITY_HIGH");
  return isHigh ? { sign: "emergency", kind: "lost" } : { sign: "late", kind: "late" };
}

function alarmWords(alarms: readonly StandingAlarm[]): string {
  const [first] = alarms;
  if (first === undefined) return text("instrument.no-alarms");
  const more = alarms.length - 1;
  return more === 0 ? first.name : text("tiles.alarms", { name: first.name, more });
}
