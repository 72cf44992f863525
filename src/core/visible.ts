/**
 * Makes untrusted text safe to show: nothing in it can move, hide or reorder the text around it.
 *
 * @module
 */

/**
 * Control characters, line and paragraph separators, lone surrogates, and everything invisible:
 * bidirectional overrides (Trojan Source, CVE-2021-42574), zero-width characters, tags. The
 * variation selectors that make an emoji coloured or plain are kept.
 */
const UNSEEN =
  /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Most text needs no look at each of its characters. */
const PLAIN = /^[ -~]*$/;

const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** Writes invisible characters as escapes, such as `\u202e`. Idempotent. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escapeOf);
}

/** The same for text of several lines, whose breaks are meant. */
export function visibleLines(text: string): string {
  return text.includes("\n") ? text.split("\n").map(visible).join("\n") : visible(text);
}

/**
 * Escapes the text, then cuts it to a length in code units.
 *
 * @param lengthMax The longest result, including the `…` of a cut.
 */
export function visibleCut(text: string, lengthMax: number): string {
  // No piece of the text is escaped that will not be shown.
  const shown = visible(text.slice(0, lengthMax + 1));
  return shown.length <= lengthMax ? shown : `${shown.slice(0, lengthMax - 1).toWellFormed()}…`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return SHORT.get(character) ??
    (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`);
}
