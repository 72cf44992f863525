/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asking for the reason and the end of a maintenance. Times are those of the host.
 *
 * @module
 */

import { complainOf, order, orderMany } from "./api.ts";
import { element } from "./dom.ts";
import { hostMinute, morningAfter } from "./host_time.ts";
import { speech, text } from "./say.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long, in milliseconds. */
const LENGTHS: readonly (readonly [words: string, ms: number])[] = [
  [text("pause.minutes", { n: 15 }), 15 * MINUTE_MS],
  ...[1, 2, 8, 24].map((count) => [text("pause.hours", { count }), count * HOUR_MS] as const),
];
/** Characters of the reason for a maintenance, as the API has it. */
const REASON_LENGTH_MAX = "200";
/** Options that are no length. */
const MORNING = "morning";
const TIME = "time";
const EVER = "ever";

/** Whom a maintenance is about. */
export interface PauseQuestion {
  readonly whom: string;
  /** Path of the API. */
  readonly path: string;
  /** Several members, if the path is about several. */
  readonly ids?: readonly string[];
  /** The host's wall clock. */
  readonly wallMs: number;
}

/** Asks, and sends the pause. */
export function askForPause({ whom, path, ids, wallMs }: PauseQuestion): void {
  const reason = element("input", { id: "reason", maxlength: REASON_LENGTH_MAX, autofocus: true });
  const length = element("select", { id: "length" });
  for (
    const [value, words] of [
      ...LENGTHS.map(([words, ms]) => [String(ms), words] as const),
      [MORNING, text("pause.until-morning")],
      [TIME, text("pause.until-time")],
      [EVER, text("pause.until-resumed")],
    ] as const
  ) length.append(element("option", { value }, words));
  const until = element("input", { id: "until", type: "datetime-local" });
  const zone = speech.timeZone;
  until.min = hostMinute(wallMs, zone);
  // The field says what a length comes to; whoever writes into it wants that time.
  const tell = () => {
    const ms = Number(length.value);
    if (length.value === MORNING) until.value = morningAfter(wallMs, zone);
    else if (length.value === EVER) until.value = "";
    else if (length.value !== TIME) until.value = hostMinute(wallMs + ms, zone);
    until.required = length.value === TIME;
    if (until.required) until.focus();
  };
  length.value = String(HOUR_MS);
  tell();
  length.addEventListener("input", tell);
  until.addEventListener("input", () => {
    length.value = TIME;
    until.required = true;
  });
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "pause-title" }, text("pause.title", { whom })),
    element("p", {}, text("pause.effect")),
    element("label", { for: "reason" }, text("pause.reason")),
    reason,
    element("label", { for: "length" }, text("pause.for")),
    length,
    element("label", { for: "until" }, text("pause.until")),
    until,
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
    const body = { reason: reason.value, ...endOf(length.value, until.value) };
    (ids === undefined ? order(path, body) : orderMany(path, { ...body, ids })).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Pauses several members until the morning of the next day, without a question. */
export async function pauseUntilMorning(ids: readonly string[], wallMs: number): Promise<void> {
  const until = morningAfter(wallMs, speech.timeZone);
  await orderMany("api/v1/members/pause", { ids, until });
}

/** What the API needs to know of the end. */
function endOf(length: string, until: string): { forMs?: number; until?: string } {
  if (length === EVER) return {};
  return length === MORNING || length === TIME ? { until } : { forMs: Number(length) };
}
