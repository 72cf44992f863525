/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Making elements. Text is only ever set as text: names come from the network.
 *
 * @module
 */

/** What is put into an element. */
export type Child = Node | string;

/**
 * Makes an element.
 *
 * @param attributes Attributes by name; `true` sets an empty one, `undefined` and `false` none.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Makes a button that calls something; while that lasts, it cannot be pressed again. */
export function button(
  label: string,
  onClick: () => unknown,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await onClick();
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

/** Sets an element's text if it is another one, so that screen readers hear only changes. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** An element that the page must have. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`The page has no element "${id}"`);
  return found;
}

/** Head of a table. */
export function tableHead(...titles: string[]): HTMLTableSectionElement {
  const cells = titles.map((title) => element("th", { scope: "col" }, title));
  return element("thead", {}, element("tr", {}, ...cells));
}
