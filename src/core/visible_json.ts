/**
 * JSON, and other text that is written already, made fit to be shown without changing what it means.
 *
 * @module
 */

/** What would not be seen, line feeds and tabs aside: they lay out a text. */
const UNSEEN =
  /(?![\n\t\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Shows what would not be seen as escapes of JSON, such as `\u202e`; a character beyond U+FFFF is
 * two of them. Whoever parses the JSON gets the same value as before.
 */
export function visibleJson(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
