/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asks before a member is forgotten.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { complainOf, memberPath, remove } from "./api.ts";
import { element } from "./dom.ts";
import { fullNameOf } from "./member_words.ts";
import { text } from "./say.ts";

/** Asks, then forgets the member. */
export function askToForget(member: MemberView): void {
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "forget-title" }, text("forget.title", { name: fullNameOf(member) })),
    element("p", {}, text("forget.effect")),
    element(
      "p",
      { class: "buttons" },
      element("button", { value: "forget", class: "main" }, text("forget.forget")),
      element("button", { value: "keep", autofocus: true }, text("forget.keep")),
    ),
  );
  const dialog = element("dialog", { "aria-labelledby": "forget-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "forget") remove(memberPath(member.id, "")).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}
