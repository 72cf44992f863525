/**
 * Encodes any string as text that SQLite returns unchanged.
 *
 * Peers choose their names freely. Deno reads a column only up to its first NUL, and a lone
 * surrogate has no UTF-8 form. Both are written as `\uXXXX`, and so is the backslash itself; all
 * other names stay readable in any SQLite tool.
 *
 * @module
 */

/** Encodes a string for a column; {@linkcode fromColumn} decodes it. */
export function toColumn(text: string): string {
  return text.replace(
    /[\0\\\p{Surrogate}]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Decodes what {@linkcode toColumn} encoded. */
export function fromColumn(text: string): string {
  return text.replace(
    /\\u([0-9a-f]{4})/g,
    (_, code: string) => String.fromCharCode(parseInt(code, 16)),
  );
}
