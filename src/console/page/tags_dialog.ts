/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Asks for the tags of a member.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { complainOf, get, memberPath, order } from "./api.ts";
import { element } from "./dom.ts";
import { fullNameOf } from "./member_words.ts";
import { text } from "./say.ts";

/** What the API allows, with commas between tags. */
const TAGS_PATTERN = "\\s*([\\p{L}\\p{N}\\-]{1,40}\\s*(,\\s*[\\p{L}\\p{N}\\-]{1,40}\\s*){0,19})?";

/** Where a member's tags come from, as the API has it. */
interface Tags {
  readonly tags: readonly string[];
  readonly configured: readonly string[];
}

/** Asks, and sends the tags. Those of the settings are only shown: they change there. */
export async function askForTags(member: MemberView): Promise<void> {
  const path = memberPath(member.id, "/tags");
  const { tags, configured } = await get<Tags>(path);
  const field = element("input", {
    id: "tags",
    autocomplete: "off",
    pattern: TAGS_PATTERN,
    title: text("tags.rule"),
    "aria-describedby": "tags-rule",
    autofocus: true,
  });
  field.value = tags.join(", ");
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "tags-title" }, text("tags.title", { name: fullNameOf(member) })),
    ...(configured.length === 0
      ? []
      : [element("p", {}, text("tags.configured", { tags: configured.join(", ") }))]),
    element("label", { for: "tags" }, text("panel.tags")),
    field,
    element("p", { class: "soft", id: "tags-rule" }, text("tags.rule")),
    element(
      "p",
      { class: "buttons" },
      element("button", { value: "set", class: "main" }, text("tags.set")),
      element("button", { value: "cancel", formnovalidate: true }, text("dialog.cancel")),
    ),
  );
  const dialog = element("dialog", { "aria-labelledby": "tags-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "set") return;
    const wanted = field.value.split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
    order(path, { tags: wanted }).catch(complainOf);
  });
  document.body.append(dialog);
  dialog.showModal();
}
