/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What happened: the last events of the host, and the days of one member.
 *
 * @module
 */

import type { MemberState } from "../../core/member.ts";
import type { HistoryView } from "../history_view.ts";
import type { MemberView } from "../member_view.ts";
import type { Uptime, UptimeDay } from "../uptime.ts";
import { complainOf, get, memberPath } from "./api.ts";
import { button, element, tableHead } from "./dom.ts";
import { speech, text } from "./say.ts";

/** Lines of the host's last events. */
const LINES_MAX = 50;
const DAYS = 7;
const HALF_HOUR_MS = 1_800_000;
/** What the letters of a strip look like; what is not known is left out. */
const STRIP_CLASSES: Readonly<Record<string, string>> = {
  o: "up",
  m: "planned",
  l: "late",
  x: "down",
};

/** A button of a member's dialog. */
export interface Action {
  readonly label: string;
  readonly act: () => unknown;
}

/** The last events of the host. */
export class Happenings {
  readonly section: HTMLElement;
  readonly #list = element("ol", {
    class: "happenings",
    tabindex: "0",
    "aria-label": text("history.events"),
  });

  constructor() {
    const link = element("a", { href: "api/v1/history.csv?limit=1000" }, text("history.csv"));
    this.section = element(
      "section",
      { "aria-labelledby": "history-title" },
      element("h2", { id: "history-title" }, text("history.title")),
      this.#list,
      element("p", {}, link),
    );
    this.#load().catch(complainOf);
  }

  /** Adds what has just happened. */
  add(entry: HistoryView): void {
    this.#list.prepend(lineOf(entry));
    while (this.#list.childElementCount > LINES_MAX) this.#list.lastElementChild?.remove();
  }

  async #load(): Promise<void> {
    const path = `api/v1/history?limit=${LINES_MAX}`;
    const { entries } = await get<{ entries: HistoryView[] }>(path);
    this.#list.replaceChildren(...entries.map(lineOf));
  }
}

/**
 * Shows one member's days, outages and events.
 *
 * @param actions More buttons.
 */
export async function showMember(member: MemberView, actions: readonly Action[]): Promise<void> {
  const content = element("div", {}, element("p", {}, text("dialog.loading")));
  const dialog: HTMLDialogElement = element(
    "dialog",
    { class: "wide", "aria-labelledby": "member-title" },
    element(
      "h2",
      { id: "member-title" },
      member.name === "" ? text("members.no-name") : member.name,
    ),
    element("p", { class: "soft" }, member.id),
    content,
    element(
      "p",
      { class: "buttons" },
      button(text("dialog.close"), () => dialog.close(), { autofocus: true }),
      ...actions.map(({ label, act }) =>
        button(label, () => {
          dialog.close();
          return act();
        })
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    const query = `member=${encodeURIComponent(member.id)}&limit=${LINES_MAX}`;
    const [uptime, history] = await Promise.all([
      get<Uptime>(memberPath(member.id, `/uptime?days=${DAYS}`)),
      get<{ entries: HistoryView[] }>(`api/v1/history?${query}`),
    ]);
    content.replaceChildren(
      daysTable(uptime),
      element("h3", {}, text("history.events")),
      element(
        "ol",
        { class: "happenings", tabindex: "0", "aria-label": text("history.events") },
        ...history.entries.map(lineOf),
      ),
    );
  } catch (error) {
    dialog.close();
    complainOf(error);
  }
}

function daysTable({ days, timeZone }: Uptime): HTMLElement {
  const rows = days.map((day) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, day.day),
      element("td", {}, timeline(day)),
      element("td", { class: "number" }, share(day)),
      element("td", { class: "number" }, speech.number(day.outages)),
      element("td", { class: "number" }, day.downMs === 0 ? "" : speech.duration(day.downMs)),
    )
  );
  return element(
    "table",
    { class: "days" },
    element("caption", { class: "soft" }, text("history.days", { zone: timeZone })),
    tableHead(
      ...(["day", "the-day", "there", "outages", "away"] as const).map((key) =>
        text(`history.${key}`)
      ),
    ),
    element("tbody", {}, ...rows),
  );
}

/** A day as a bar, half an hour by half an hour. The cells beside it say the same in words. */
function timeline({ from, to, strip }: UptimeDay): SVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(namespace, "svg");
  picture.setAttribute("viewBox", "0 0 1000 20");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "timeline");
  // Some days have 46 half-hours and some 50: the host says which.
  const width = 1000 * HALF_HOUR_MS / (Date.parse(to) - Date.parse(from));
  for (const [index, letter] of [...strip ?? ""].entries()) {
    const kind = STRIP_CLASSES[letter];
    if (kind === undefined) continue;
    const rect = document.createElementNS(namespace, "rect");
    rect.setAttribute("x", String(index * width));
    rect.setAttribute("width", String(width));
    rect.setAttribute("height", "20");
    rect.setAttribute("class", kind);
    picture.append(rect);
  }
  return picture;
}

function share({ uptime, knownMs }: UptimeDay): string {
  if (uptime === null) return text(knownMs > 0 ? "history.maintenance" : "history.not-known");
  const percent = uptime * 100;
  // Never round an outage away.
  return `${uptime < 1 ? speech.number(Math.min(99.99, percent), 2) : "100"} %`;
}

function lineOf({ at, type, member, detail }: HistoryView): HTMLLIElement {
  const time = element("time", { datetime: at }, speech.dateTime(Date.parse(at)));
  return element("li", {}, time, " ", describe(type, member, detail));
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
    case "telling-failed": {
      const reason = word("reason");
      return member === null
        ? text("history.telling-failed", { way: wayOf(detail), reason })
        : text("history.telling-failed-for", { way: wayOf(detail), who, reason });
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
