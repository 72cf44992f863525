/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Putting something into the clipboard.
 *
 * @module
 */

import { button, element } from "./dom.ts";
import { text } from "./say.ts";

/** How long a button says that it is done, in milliseconds. */
const DONE_MS = 2_000;

/** Copies text. Over plain HTTP a browser has no `navigator.clipboard`, so the old way has to do. */
export async function copy(words: string): Promise<void> {
  if (navigator.clipboard !== undefined) return await navigator.clipboard.writeText(words);
  const field = element("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  field.value = words;
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
}

/** Puts a button beside a command. */
export function offerCopy(command: HTMLElement): void {
  const words = command.textContent ?? "";
  const copier = button(text("copy.copy"), async () => {
    await copy(words);
    copier.textContent = text("copy.done");
    setTimeout(() => copier.textContent = text("copy.copy"), DONE_MS);
  }, { "aria-live": "polite" });
  const line = element("div", { class: "command" });
  command.replaceWith(line);
  line.append(command, copier);
}
