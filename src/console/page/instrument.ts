/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * An instrument's curves, drawn with uPlot, and its standing alarms.
 *
 * @module
 */

import type { WaveBatch } from "../live/wave_feed.ts";
import type { StandingAlarm } from "../panels.ts";
import { order, withId } from "./api.ts";
import { button, element } from "./dom.ts";
import { text } from "./say.ts";

/** What the page uses of uPlot, which is loaded as a script of its own. */
interface Plot {
  setData(data: (number | null)[][]): void;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}
type PlotClass = new (options: object, data: (number | null)[][], place: HTMLElement) => Plot;

/** How much of the past is shown, in milliseconds, and at most how many samples. */
const WINDOW_MS = 15_000;
const SAMPLES_MAX = 3_000;
const HEIGHT = 150;
/** Class and key of each priority. */
const LEVELS: Readonly<Record<string, "high" | "medium" | "low">> = {
  PRIORITY_HIGH: "high",
  PRIORITY_MEDIUM: "medium",
  PRIORITY_LOW: "low",
};
type Wave = keyof WaveBatch["values"];

interface Curve {
  times: number[];
  values: (number | null)[];
  plot: Plot | undefined;
  place: HTMLElement;
  color: string;
}

/** The curves and alarms of the instrument. */
export class Instrument {
  readonly section: HTMLElement;
  readonly #plots = element("div", { class: "plots" });
  readonly #alarms = element("ul", { class: "alarms" });
  readonly #curves = new Map<Wave, Curve>();
  readonly #right: "read" | "write";
  #shownAlarms = "";
  #frame = 0;

  constructor(right: "read" | "write") {
    this.#right = right;
    this.section = element(
      "section",
      { "aria-labelledby": "hev-title" },
      element("h2", { id: "hev-title" }, text("instrument.title")),
      element("div", { role: "alert" }, this.#alarms),
      this.#plots,
    );
    addEventListener("resize", () => this.#resize());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#restart());
  }

  /** Adds moments to the curves. */
  add({ at, values }: WaveBatch): void {
    for (const [wave, numbers] of Object.entries(values) as [Wave, (number | null)[]][]) {
      const curve = this.#curves.get(wave) ?? this.#begin(wave);
      const last = curve.times.at(-1) ?? -Infinity;
      // Another source, or the host started anew: its time begins again.
      if ((at[0] ?? 0) * 0.001 < last) {
        curve.times = [];
        curve.values = [];
      }
      curve.times.push(...at.map((time) => time * 0.001));
      curve.values.push(...numbers);
      const oldest = (curve.times.at(-1) ?? 0) - WINDOW_MS / 1000;
      let gone = curve.times.findIndex((time) => time >= oldest);
      gone = Math.max(gone, curve.times.length - SAMPLES_MAX);
      if (gone > 0) {
        curve.times.splice(0, gone);
        curve.values.splice(0, gone);
      }
    }
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Shows the standing alarms. */
  showAlarms(alarms: readonly StandingAlarm[]): void {
    const shown = JSON.stringify(alarms);
    if (shown === this.#shownAlarms) return;
    this.#shownAlarms = shown;
    this.#alarms.replaceChildren(...alarms.map((alarm) => this.#alarmOf(alarm)));
  }

  #alarmOf({ name, priority }: StandingAlarm): HTMLLIElement {
    const path = withId("api/v1/hev/alarms/acknowledge", name);
    const level = LEVELS[priority] ?? "low";
    return element(
      "li",
      { class: level },
      `${text("instrument.alarm", { name, priority: text(`instrument.${level}`) })} `,
      ...(this.#right === "write"
        ? [button(text("instrument.acknowledge"), () => order(path), {
          "aria-label": text("instrument.acknowledge-one", { name }),
        })]
        : []),
    );
  }

  #begin(wave: Wave): Curve {
    const place = element("div", { class: "plot" });
    const figure = element(
      "figure",
      { class: wave },
      element("figcaption", {}, text(`instrument.${wave}`)),
      place,
    );
    this.#plots.append(figure);
    const color = getComputedStyle(figure).getPropertyValue("--curve");
    const curve: Curve = { times: [], values: [], plot: undefined, place, color };
    this.#curves.set(wave, curve);
    return curve;
  }

  #draw(): void {
    this.#frame = 0;
    for (const curve of this.#curves.values()) {
      curve.plot ??= startPlot(curve);
      curve.plot?.setData([curve.times, curve.values]);
    }
  }

  #resize(): void {
    for (const { plot, place } of this.#curves.values()) {
      plot?.setSize({ width: place.clientWidth, height: HEIGHT });
    }
  }

  /** The canvas has no style sheet: other colours need another plot. */
  #restart(): void {
    for (const curve of this.#curves.values()) {
      curve.plot?.destroy();
      curve.plot = undefined;
    }
  }
}

function startPlot(curve: Curve): Plot | undefined {
  const { uPlot } = globalThis as unknown as { uPlot?: PlotClass };
  if (uPlot === undefined) return undefined;
  const ink = getComputedStyle(document.body).color;
  const axis = { stroke: ink, grid: { stroke: "rgba(128,128,128,.25)", width: 1 }, size: 50 };
  return new uPlot(
    {
      width: curve.place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [{ ...axis, show: false }, axis],
      series: [{}, { stroke: curve.color, width: 1.5 }],
    },
    [curve.times, curve.values],
    curve.place,
  );
}
