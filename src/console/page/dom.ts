/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Makes elements. Text is only ever set as text, with invisible characters escaped: names come from
 * the network, and some would reorder or hide the text around them.
 *
 * @module
 */

import { visibleLines } from "../../core/visible.ts";

/** A child of an element. */
export type Child = Node | string;

/**
 * Makes an element.
 *
 * @param attributes Attributes by name; `true` sets an empty one, `undefined` and `false` set none.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (value === true) made.setAttribute(key, "");
    else setAttribute(made, key, value);
  }
  made.append(...children.map((child) => typeof child === "string" ? visibleLines(child) : child));
  return made;
}

/** Attributes whose values people read or hear. */
const SHOWN_ATTRIBUTES: readonly string[] = ["alt", "aria-label", "placeholder", "title"];

/** Sets an attribute. */
export function setAttribute(target: Element, name: string, value: string): void {
  target.setAttribute(name, SHOWN_ATTRIBUTES.includes(name) ? visibleLines(value) : value);
}

/**
 * Makes a button that calls a function; while that runs, it cannot be pressed again. It keeps the
 * focus, unless the function gave it to something else.
 */
export function button(
  label: string,
  onClick: () => unknown,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", async () => {
    const hadFocus = document.activeElement === made;
    made.disabled = true;
    try {
      await onClick();
    } finally {
      made.disabled = false;
      if (hadFocus && document.activeElement === document.body) made.focus();
    }
  });
  return made;
}

/** Sets an element's text only if it differs, so that screen readers hear only changes. */
export function setText(target: Element, text: string): void {
  const shown = visibleLines(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** Hides or shows an element, if that is a change. */
export function setHidden(target: HTMLElement, isHidden: boolean): void {
  if (target.hidden !== isHidden) target.hidden = isHidden;
}

/** An element that the page must have. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`The page has no element "${id}"`);
  return found;
}

/** The header row of a table. */
export function tableHead(...titles: string[]): HTMLTableSectionElement {
  const cells = titles.map((title) => element("th", { scope: "col" }, title));
  return element("thead", {}, element("tr", {}, ...cells));
}

/** A choice of some keys. */
export function choiceOf<K extends string>(
  id: string,
  keys: readonly K[],
  chosen: string,
  wordsOf: (key: K) => string,
): HTMLSelectElement {
  const options = keys.map((value) => element("option", { value }, wordsOf(value)));
  const choice = element("select", { id }, ...options);
  if (keys.some((key) => key === chosen)) choice.value = chosen;
  return choice;
}
