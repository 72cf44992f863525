/**
 * Quotes texts for systemd's unit files, which parse each kind of value in its own way.
 *
 * @module
 */

/**
 * One word of a list of words, whatever it holds (systemd.syntax(7), quoting).
 *
 * @throws {TypeError} if no unit can hold it.
 */
export function listWord(text: string): string {
  refuseLineBreaks(text);
  if (/^[\w./-]+$/.test(text)) return text;
  return `"${withoutSpecifiers(text).replace(/[\\"]/g, "\\$&")}"`;
}

/**
 * A text that takes the rest of a line as it is: there is no quoting, and so no way to write blanks at
 * its end, or a backslash, which would continue the line.
 *
 * @throws {TypeError} if no unit can hold it.
 */
export function restOfLine(text: string): string {
  refuseLineBreaks(text);
  if (/[\s\\]$|^\s/.test(text)) {
    throw new TypeError(
      `Cannot write "${text}" into a unit of systemd: it begins or ends with a blank or backslash`,
    );
  }
  return withoutSpecifiers(text);
}

function refuseLineBreaks(text: string): void {
  // deno-lint-ignore no-control-regex -- a line break would begin another directive
  if (!/[\u0000-\u001f\u007f]/.test(text)) return;
  throw new TypeError(
    `Cannot write ${JSON.stringify(text)} into a unit of systemd: it holds a control character`,
  );
}

/** A text in which systemd finds no specifier. */
function withoutSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}
