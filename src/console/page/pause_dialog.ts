/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asks for the reason and the length of a maintenance.
 *
 * @module
 */

import { complainOf, order, orderMany } from "./api.ts";
import { element } from "./dom.ts";
import { speech, text } from "./say.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The length in milliseconds; an empty value means until somebody ends it. */
const LENGTHS: readonly (readonly [words: string, ms: number | undefined])[] = [
  [text("pause.minutes", { n: 15 }), 15 * MINUTE_MS],
  ...[1, 2, 8, 24].map((count) => [text("pause.hours", { count }), count * HOUR_MS] as const),
  [text("pause.until-resumed"), undefined],
];
/** Characters of the reason for a maintenance, as the API has it. */
const REASON_LENGTH_MAX = "200";
/** The option that lasts overnight. */
const MORNING = "morning";

/** The hour at which an overnight pause ends. */
const MORNING_HOUR = 9;

/**
 * Asks, then sends the pause to a path of the API.
 *
 * @param ids Several members, if the path is for several.
 */
export function askForPause(whom: string, path: string, ids?: readonly string[]): void {
  const reason = element("input", { id: "reason", maxlength: REASON_LENGTH_MAX, autofocus: true });
  const length = element("select", { id: "length" });
  for (const [words, ms] of LENGTHS) {
    length.append(element("option", { value: ms === undefined ? "" : String(ms) }, words));
  }
  const morning = element("option", { value: MORNING }, text("pause.until-morning"));
  length.lastElementChild?.before(morning);
  length.value = String(HOUR_MS);
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "pause-title" }, text("pause.title", { whom })),
    element("p", {}, text("pause.effect")),
    element("label", { for: "reason" }, text("pause.reason")),
    reason,
    element("label", { for: "length" }, text("pause.for")),
    length,
    element(
      "p",
      { class: "buttons" },
      element("button", { value: "pause", class: "main" }, text("pause.pause")),
      element("button", { value: "cancel", formnovalidate: true }, text("dialog.cancel")),
    ),
  );
  const dialog = element("dialog", { "aria-labelledby": "pause-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "pause") return;
    const ms = length.value === MORNING ? untilMorningMs() : Number(length.value);
    const forMs = length.value === "" ? {} : { forMs: ms };
    const body = { reason: reason.value, ...forMs };
    (ids === undefined ? order(path, body) : orderMany(path, { ...body, ids })).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Time until tomorrow morning on the host, in milliseconds. */
function untilMorningMs(): number {
  const [hours = 0, minutes = 0, seconds = 0] = speech.timeOfDay(Date.now()).split(":").map(Number);
  const sinceMidnightMs = hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1_000;
  return (24 + MORNING_HOUR) * HOUR_MS - sinceMidnightMs;
}
