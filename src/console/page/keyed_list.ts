/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Reorders the children of an element with as few moves as possible.
 *
 * @module
 */

/**
 * Replaces the children of an element, in this order. Children whose relative order is unchanged
 * are not touched, so that they keep focus and scroll position.
 *
 * @param wanted Without duplicates.
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
    // The one between them belongs further down: it moves when its turn comes.
    if (child !== null && each === child.nextElementSibling) {
      child = each.nextElementSibling;
      continue;
    }
    parent.insertBefore(each, child);
  }
}
