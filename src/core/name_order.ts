/**
 * The order of names in lists that people read.
 *
 * @module
 */

/** Made when a list is first ordered: a host that nobody looks at does without its memory. */
let collator: Intl.Collator | undefined;

/**
 * Compares names as people order them: hall 2 before hall 10, and case or accents count only between names
 * that are equal without them. No two names are equal, so that a list has one order.
 *
 * @returns Negative if `one` comes first, positive if `other` does.
 */
export function compareNames(one: string, other: string): number {
  collator ??= new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  return collator.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);
}
