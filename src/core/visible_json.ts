/**
 * Makes JSON, and other finished output, safe to show without changing its meaning.
 *
 * @module
 */

/** Invisible characters, except line feeds and tabs, which lay out the text. */
const UNSEEN =
  /(?![\n\t\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Writes invisible characters as JSON escapes, such as `\u202e`; a character beyond U+FFFF takes
 * two. A parser still gets the same value.
 */
export function visibleJson(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
