/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asks who looks after a member.
 *
 * @module
 */

import { complainOf, orderMany, remove } from "./api.ts";
import { element } from "./dom.ts";
import { text } from "./say.ts";

const NAME_KEY = "pulsebox.name";
/** Characters of the name of whoever looks after a member, as the API has it. */
const NAME_LENGTH_MAX = "60";
/** Characters of the note beside that name. */
const NOTE_LENGTH_MAX = "200";

/** What is known already. */
export interface Acknowledged {
  readonly by: string;
  readonly note: string;
}

/**
 * Asks for a name and a note, and sends them. This browser remembers the name: the second time,
 * Enter is enough.
 */
export function askWhoIsOnIt(
  whom: string,
  ids: readonly string[],
  known: Acknowledged | null,
  withdrawPath: string | undefined,
): void {
  const by = element("input", {
    id: "by",
    maxlength: NAME_LENGTH_MAX,
    required: true,
    autocomplete: "name",
  });
  by.value = known?.by ?? remembered();
  const note = element("input", { id: "note", maxlength: NOTE_LENGTH_MAX, autocomplete: "off" });
  note.value = known?.note ?? "";
  (by.value === "" ? by : note).autofocus = true;
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "care-title" }, text("care.title", { whom })),
    element("p", {}, text("care.effect")),
    element("label", { for: "by" }, text("care.name")),
    by,
    element("label", { for: "note" }, text("outages.note")),
    note,
    element(
      "p",
      { class: "buttons" },
      element("button", { value: "send", class: "main" }, text("care.acknowledge")),
      element("button", { value: "cancel", formnovalidate: true }, text("dialog.cancel")),
      ...(known === null || withdrawPath === undefined
        ? []
        : [element("button", { value: "withdraw", formnovalidate: true }, text("care.withdraw"))]),
    ),
  );
  const dialog = element("dialog", { "aria-labelledby": "care-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "withdraw" && withdrawPath !== undefined) {
      remove(withdrawPath).catch(complainOf);
      return;
    }
    if (dialog.returnValue !== "send" || by.value.trim() === "") return;
    remember(by.value.trim());
    const body = { ids, by: by.value, note: note.value };
    orderMany("api/v1/members/acknowledge", body).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function remembered(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    // A browser without storage asks each time.
    return "";
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // See above.
  }
}
