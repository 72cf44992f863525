/**
 * Any string as text that SQLite gives back as it was.
 *
 * Names come from peers, who may call themselves anything. What Deno reads of a column ends at the
 * first NUL, and half a surrogate pair has no UTF-8 form. Both are written as `\uXXXX`, and so is the
 * backslash itself; all other names stay readable in any SQLite tool.
 *
 * @module
 */

/** Makes text for a column; {@linkcode fromColumn} makes it what it was. */
export function toColumn(text: string): string {
  return text.replace(
    /[\0\\\p{Surrogate}]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Makes a string of what {@linkcode toColumn} has made of it. */
export function fromColumn(text: string): string {
  return text.replace(
    /\\u([0-9a-f]{4})/g,
    (_, code: string) => String.fromCharCode(parseInt(code, 16)),
  );
}
