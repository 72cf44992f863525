/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Brings the children of an element into an order with as few moves as it takes.
 *
 * @module
 */

/**
 * Makes these the children of an element, in this order. Children that stay where they are in
 * relation to each other are not touched, so that focus and scroll position stay too.
 *
 * @param wanted Without doubles.
 */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let child = parent.firstElementChild;
  for (const each of wanted) {
    if (each === child) {
      child = child.nextElementSibling;
      continue;
    }
    parent.insertBefore(each, child);
  }
}
