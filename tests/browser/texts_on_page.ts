/**
 * All texts of a page, and what none of them may hold.
 *
 * @module
 */

/** What must not reach a reader. */
export const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/**
 * A script for the page that gives all its texts and values of attributes. The page has no soft hyphen
 * or selector of its own.
 */
export const ALL_TEXTS = `[
  document.title,
  ...[...document.querySelectorAll("*")].flatMap((each) =>
    [...each.attributes].filter(({ name }) => !["href", "src"].includes(name))
      .map(({ value }) => value)),
  ...(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.data);
    return texts;
  })(),
]`;
