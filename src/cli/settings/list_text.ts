/**
 * Writes a list as one text, for the environment: `a,b`, or a JSON array of texts where an item
 * holds a comma.
 *
 * @module
 */

/** What a text that was meant to be a JSON array must look like. */
const ARRAY_FORM = 'must be a JSON array of texts such as ["a,b", "c"]';

/**
 * Reads a list. A text that is a JSON array is that; in any other, commas separate the items, blanks
 * around an item do not count, and an empty item is none.
 *
 * @return The items, or what the text must be.
 */
export function parseList(text: string): readonly unknown[] | string {
  const array = text.trim();
  if (array.startsWith("[")) {
    try {
      const items: unknown = JSON.parse(array);
      if (Array.isArray(items)) return items;
    } catch {
      // An IPv6 address may stand in brackets; a quotation mark behind the bracket means an array.
      if (/^\[\s*"/.test(array)) return ARRAY_FORM;
    }
  }
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** Writes a list so that {@linkcode parseList} reads the same items, as simply as that is possible. */
export function formatList(items: readonly unknown[]): string {
  const text = items.join(",");
  const back = parseList(text);
  const isSame = text !== "" && Array.isArray(back) && back.length === items.length &&
    back.every((item, index) => item === items[index]);
  return isSame ? text : JSON.stringify(items);
}
