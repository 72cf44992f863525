/**
 * Reorders the children of an element with as few moves as possible.
 *
 * @module
 */

/** As much of an element as a list needs, so that it can be tested without a browser. */
export interface ListItem<Item> {
  readonly nextElementSibling: Item | null;
  remove(): void;
}

/** As much of the element around the items. */
export interface ListParent<Item> {
  readonly children: Iterable<Item>;
  readonly firstElementChild: Item | null;
  insertBefore(item: Item, next: Item | null): unknown;
}

/**
 * Replaces the children of an element, in this order. Children whose relative order is unchanged
 * are not touched, so that they keep focus and scroll position.
 *
 * @param wanted Without duplicates.
 */
export function arrange<Item extends ListItem<Item>>(
  parent: ListParent<Item>,
  wanted: readonly Item[],
): void {
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
