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

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long, in milliseconds; an empty value means until somebody ends it. */
const LENGTHS: readonly (readonly [words: string, ms: number | undefined])[] = [
  ["15 minutes", 15 * MINUTE_MS],
  ["1 hour", HOUR_MS],
  ["2 hours", 2 * HOUR_MS],
  ["8 hours", 8 * HOUR_MS],
  ["24 hours", 24 * HOUR_MS],
  ["Until resumed", undefined],
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
    element("h2", { id: "pause-title" }, `Maintenance of ${whom}`),
    element("p", {}, "Nothing of it alarms until the maintenance ends."),
    element("label", { for: "reason" }, "Reason"),
    reason,
    element("label", { for: "length" }, "For"),
    length,
    element(
      "p",
      { class: "buttons" },
      element("button", { value: "pause", class: "main" }, "Pause"),
      element("button", { value: "cancel", formnovalidate: true }, "Cancel"),
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
