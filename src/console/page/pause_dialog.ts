/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asking for the reason and the length of a maintenance.
 *
 * @module
 */

import { complainOf, order } from "./api.ts";
import { element } from "./dom.ts";
import { text } from "./say.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long, in milliseconds; an empty value means until somebody ends it. */
const LENGTHS: readonly (readonly [words: string, ms: number | undefined])[] = [
  [text("pause.minutes", { n: 15 }), 15 * MINUTE_MS],
  ...[1, 2, 8, 24].map((count) => [text("pause.hours", { count }), count * HOUR_MS] as const),
  [text("pause.until-resumed"), undefined],
];
const REASON_LENGTH_MAX = "200";

/** Asks, and sends the pause to a path of the API. */
export function askForPause(whom: string, path: string): void {
  const reason = element("input", { id: "reason", maxlength: REASON_LENGTH_MAX, autofocus: true });
  const length = element("select", { id: "length" });
  for (const [words, ms] of LENGTHS) {
    length.append(element("option", { value: ms === undefined ? "" : String(ms) }, words));
  }
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
    const forMs = length.value === "" ? {} : { forMs: Number(length.value) };
    order(path, { reason: reason.value, ...forMs }).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}
