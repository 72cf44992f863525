/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A member's outages: when, how long, why, who looked after it, and that person's note.
 *
 * @module
 */

import type { Outage, Uptime } from "../uptime.ts";
import { element, tableHead } from "./dom.ts";
import { longDuration, momentWords } from "./member_words.ts";
import type { MembersModel } from "./members_model.ts";
import { text } from "./say.ts";

/** Outages of one member that the panel shows. */
const ROWS_MAX = 50;
const CAUSES = {
  silence: "outages.silence",
  "never-heard": "outages.never-heard",
  done: "outages.done",
  failed: "outages.failed",
} as const;

/** Makes the table. */
export function outagesTable({ outages, spans }: Uptime, model: MembersModel): HTMLElement {
  const week = spans.find(({ span }) => span === "7d")?.outages ?? 0;
  const title = element(
    "h3",
    {},
    text("bar.outages"),
    element("span", {}, text("outages.in-week", { count: week })),
  );
  if (outages.length === 0) {
    return element(
      "section",
      { class: "part" },
      title,
      element("p", { class: "soft" }, text("outages.none")),
    );
  }
  const rows = outages.slice(0, ROWS_MAX).map((outage) => rowOf(outage, model));
  return element(
    "section",
    { class: "part" },
    title,
    element(
      "table",
      { class: "outages" },
      tableHead(
        ...(["start", "end", "length", "cause", "by", "note"] as const)
          .map((key) => text(`outages.${key}`)),
      ),
      element("tbody", {}, ...rows),
    ),
  );
}

function rowOf(outage: Outage, model: MembersModel): HTMLElement {
  const { from, to, downMs, plannedMs, unwatchedMs, cause, planned, by, note } = outage;
  const why = cause in CAUSES ? text(CAUSES[cause as keyof typeof CAUSES]) : cause;
  const end = to === null
    ? element("b", { class: "lost" }, text("exhibits.now"))
    : momentWords(to, model);
  return element(
    "tr",
    {},
    element("td", {}, momentWords(from, model)),
    element("td", {}, end),
    element("td", { class: "number" }, longDuration(downMs + plannedMs + unwatchedMs)),
    element("td", {}, planned ? text("outages.planned", { cause: why }) : why),
    element("td", {}, by ?? element("span", { class: "soft" }, text("outages.nobody"))),
    element("td", { class: "soft" }, note),
  );
}
