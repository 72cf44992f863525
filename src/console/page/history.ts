/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What happened: the last events of the host, and the days of one member.
 *
 * @module
 */

import type { HistoryView } from "../history_view.ts";
import type { MemberView } from "../member_view.ts";
import type { Uptime, UptimeDay } from "../uptime.ts";
import { complainOf, get, memberPath } from "./api.ts";
import { button, element, tableHead } from "./dom.ts";
import { duration } from "./words.ts";

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
  readonly #list = element("ol", { class: "happenings", tabindex: "0", "aria-label": "Events" });

  constructor() {
    const link = element("a", { href: "api/v1/history.csv?limit=1000" }, "Download as CSV");
    this.section = element(
      "section",
      { "aria-labelledby": "history-title" },
      element("h2", { id: "history-title" }, "What happened"),
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
  const content = element("div", {}, element("p", {}, "Loading…"));
  const dialog: HTMLDialogElement = element(
    "dialog",
    { class: "wide", "aria-labelledby": "member-title" },
    element("h2", { id: "member-title" }, member.name === "" ? "(no name)" : member.name),
    element("p", { class: "soft" }, member.id),
    content,
    element(
      "p",
      { class: "buttons" },
      button("Close", () => dialog.close(), { autofocus: true }),
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
      element("h3", {}, "Events"),
      element(
        "ol",
        { class: "happenings", tabindex: "0", "aria-label": "Events" },
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
      element("td", { class: "number" }, String(day.outages)),
      element("td", { class: "number" }, day.downMs === 0 ? "" : duration(day.downMs)),
    )
  );
  return element(
    "table",
    { class: "days" },
    element("caption", { class: "soft" }, `Days of the host (${timeZone})`),
    tableHead("Day", "The day", "There", "Outages", "Away"),
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
  if (uptime === null) return knownMs > 0 ? "maintenance" : "not known";
  const percent = uptime * 100;
  // Never round an outage away.
  return `${uptime < 1 ? Math.min(99.99, percent).toFixed(2) : "100"} %`;
}

function lineOf({ at, type, member, detail }: HistoryView): HTMLLIElement {
  const time = element("time", { datetime: at }, new Date(at).toLocaleString());
  return element("li", {}, time, " ", describe(type, member ?? "This host", detail));
}

function describe(type: string, who: string, detail: HistoryView["detail"]): string {
  switch (type) {
    case "member-registered":
      return `${who} is new`;
    case "member-state": {
      const silent = Number(detail["silentMs"] ?? 0);
      const after = detail["cause"] === "silence" ? ` after ${duration(silent)} of silence` : "";
      const why = detail["reason"] === undefined ? "" : `: ${detail["reason"]}`;
      return `${who} is ${detail["to"]}${after}${why}${
        detail["paused"] === true ? " (paused)" : ""
      }`;
    }
    case "member-flapping":
      return `${who} comes and goes`;
    case "member-paused":
      return `Maintenance of ${who} begins${detail["reason"] ? `: ${detail["reason"]}` : ""}`;
    case "member-resumed":
      return `Maintenance of ${who} ends`;
    case "member-forgotten":
      return `${who} is forgotten (${detail["cause"]})`;
    case "client-state":
      return `Game client ${detail["client"]} is ${detail["to"]} (${detail["cause"]})`;
    case "alarm-raised":
      return `Alarm ${detail["alarm"]}`;
    case "alarm-acknowledged":
      return `Alarm ${detail["alarm"]} acknowledged`;
    case "absence":
      return `Pulsebox could not listen for ${duration(Number(detail["absentMs"]))}`;
    case "telling-failed":
      return `${wayOf(detail)} failed${who === "This host" ? "" : ` for ${who}`}: ${
        detail["reason"]
      }`;
    case "telling-recovered":
      return `${wayOf(detail)} works again`;
    default:
      return `${who}: ${type}`;
  }
}

function wayOf({ way }: HistoryView["detail"]): string {
  return way === "command" ? "The command for lost members" : `The ${way}`;
}
