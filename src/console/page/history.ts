/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The history as lines.
 *
 * @module
 */

import type { MemberState } from "../../core/member.ts";
import type { HistoryView } from "../history_view.ts";
import { complainOf, get } from "./api.ts";
import { element } from "./dom.ts";
import { condensed, type Flurry } from "./flurry.ts";
import { arrange } from "./keyed_list.ts";
import { whoseName } from "./member_words.ts";
import type { MembersModel } from "./members_model.ts";
import { english, speech, text } from "./say.ts";

/** The most lines. */
const LINES_MAX = 50;
/** The most entries from which lines are made; some share a line. */
const ENTRIES_MAX = 300;

/** The last events of the host. */
export class Happenings {
  readonly section: HTMLElement;
  readonly #list = element("ol", {
    class: "happenings",
    tabindex: "0",
    "aria-label": text("history.events"),
  });
  #entries: readonly HistoryView[] = [];
  readonly #model: MembersModel;
  #lines = new Map<HistoryView | Flurry, HTMLLIElement>();
  #frame = 0;

  constructor(model: MembersModel) {
    this.#model = model;
    const link = element("a", { href: "api/v1/history.csv?limit=1000" }, text("history.csv"));
    this.section = element(
      "section",
      { "aria-labelledby": "history-title" },
      element("h2", { id: "history-title" }, text("history.title")),
      this.#list,
      element("p", {}, link),
    );
    // The first snapshot names the members.
    model.listen({
      replaced: () => {
        this.#lines.clear();
        this.#draw();
      },
      changed() {},
      removed() {},
    });
    this.#load().catch(complainOf);
  }

  /** Adds an event that has just happened. */
  add(entry: HistoryView): void {
    this.#entries = [entry, ...this.#entries].slice(0, ENTRIES_MAX);
    // When a hall fails, hundreds come at once.
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const lines = condensed(this.#entries).slice(0, LINES_MAX)
      .map((line) => [line, this.#lines.get(line) ?? lineOf(line, this.#model)] as const);
    this.#lines = new Map(lines);
    arrange<Element>(this.#list, lines.map(([, item]) => item));
  }

  async #load(): Promise<void> {
    const path = `api/v1/history?limit=${ENTRIES_MAX}`;
    const { entries } = await get<{ entries: HistoryView[] }>(path);
    this.#entries = entries;
    this.#draw();
  }
}

/** An entry as a line. */
export function lineOf(entry: HistoryView | Flurry, model: MembersModel): HTMLLIElement {
  if ("flaps" in entry) {
    const { flaps: count, member, from, to } = entry;
    const who = whoseName(member, model);
    const since = speech.timeOfDay(Date.parse(from)).slice(0, 5);
    const time = element("time", { datetime: to }, speech.dateTime(Date.parse(to)));
    return element("li", {}, time, " ", text("history.flurry", { who, count, since }));
  }
  const { at, type, member, detail } = entry;
  const time = element("time", { datetime: at }, speech.dateTime(Date.parse(at)));
  return element(
    "li",
    {},
    time,
    " ",
    describe(type, member === null ? null : whoseName(member, model), detail),
    ...(type === "telling-failed" ? [english(String(detail["reason"]))] : []),
  );
}

function describe(
  type: string,
  member: string | null,
  detail: HistoryView["detail"],
): string {
  const who = member ?? text("history.this-host");
  const word = (key: string) => String(detail[key] ?? "");
  switch (type) {
    case "member-registered":
      return text("history.new", { who });
    case "member-state":
      return describeState(who, detail);
    case "member-flapping":
      return text("history.flapping", { who });
    case "member-acknowledged": {
      const event = text("history.handled", { who, by: word("by") });
      return detail["note"] ? text("history.because", { event, reason: word("note") }) : event;
    }
    case "member-tagged":
      return detail["tags"]
        ? text("history.tagged", { who, tags: word("tags") })
        : text("history.untagged", { who });
    case "member-unacknowledged":
      return text("history.unhandled", { who });
    case "member-paused": {
      const event = text("history.paused", { who });
      return detail["reason"] ? text("history.because", { event, reason: word("reason") }) : event;
    }
    case "member-resumed":
      return text("history.resumed", { who });
    case "member-forgotten":
      return text("history.forgotten", { who, cause: word("cause") });
    case "client-state":
      return text("history.game", {
        client: word("client"),
        state: gameState(word("to")),
        cause: gameCause(word("cause")),
      });
    case "alarm-raised":
      return text("history.alarm", { alarm: word("alarm") });
    case "alarm-acknowledged":
      return text("history.acknowledged", { alarm: word("alarm") });
    case "absence":
      return text("history.absence", { duration: speech.duration(Number(detail["absentMs"])) });
    case "deafness-began":
      return text("fleet.deaf");
    case "deafness-ended":
      return text("history.hears");
    case "telling-failed": {
      // The host's own words follow, marked as such.
      const way = wayOf(detail);
      return member === null
        ? text("history.telling-failed", { way, reason: "" })
        : text("history.telling-failed-for", { way, who, reason: "" });
    }
    case "telling-recovered":
      return text("history.telling-recovered", { way: wayOf(detail) });
    default:
      return `${who}: ${type}`;
  }
}

function gameState(state: string): string {
  switch (state) {
    case "DISCONNECTED":
    case "UNCALIBRATED":
    case "CALIBRATED":
    case "RUNNING":
      return text(`games.state.${state}`);
    default:
      return state;
  }
}

function gameCause(cause: string): string {
  switch (cause) {
    case "heartbeat":
    case "client":
    case "operator":
    case "force":
    case "timebomb":
      return text(`games.cause.${cause}`);
    default:
      return cause;
  }
}

function describeState(who: string, detail: HistoryView["detail"]): string {
  const state = STATE_KEYS[String(detail["to"])];
  let event = state === undefined ? `${who}: ${detail["to"]}` : text(state, { who });
  if (detail["cause"] === "silence") {
    const duration = speech.duration(Number(detail["silentMs"] ?? 0));
    event = text("history.after-silence", { event, duration });
  }
  if (detail["reason"] !== undefined) {
    event = text("history.because", { event, reason: String(detail["reason"]) });
  }
  return detail["paused"] === true ? text("history.while-paused", { event }) : event;
}

const STATE_KEYS: Readonly<Record<string, `history.state.${MemberState}`>> = {
  lost: "history.state.lost",
  gone: "history.state.gone",
  late: "history.state.late",
  starting: "history.state.starting",
  unknown: "history.state.unknown",
  ok: "history.state.ok",
};

function wayOf({ way }: HistoryView["detail"]): string {
  switch (way) {
    case "command":
    case "webhook":
    case "ntfy":
    case "mail":
      return text(`history.way.${way}`);
    default:
      return text("history.way.other", { way: String(way) });
  }
}
