/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Tests whether the recipients of notifications can be reached.
 *
 * @module
 */

import type { TellingTrial } from "../../core/telling.ts";
import { complainOf, post } from "./api.ts";
import { button, element } from "./dom.ts";
import { english, text } from "./say.ts";

/** Sends a test message to every recipient, and shows the results. */
export async function testTelling(): Promise<void> {
  try {
    const { trials } = await post<{ trials: TellingTrial[] }>("api/v1/notify/test");
    show(trials);
  } catch (error) {
    complainOf(error);
  }
}

function show(trials: readonly TellingTrial[]): void {
  const lines = trials.map(({ way, target, ok, detail }) =>
    element(
      "li",
      ok ? {} : { class: "problem" },
      ok ? "● " : "✖ ",
      text(ok ? "telling.ok" : "telling.failed", { way, target, detail: "" }),
      english(detail),
    )
  );
  const dialog: HTMLDialogElement = element(
    "dialog",
    { "aria-labelledby": "telling-title" },
    element("h2", { id: "telling-title" }, text("telling.title")),
    element("ul", { class: "trials" }, ...lines),
    element(
      "p",
      { class: "buttons" },
      button(text("dialog.close"), () => dialog.close(), { autofocus: true }),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
