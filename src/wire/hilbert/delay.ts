/**
 * The announced delay: a bare number, first thing after the question mark.
 *
 * @module
 */

/** Digits before the decimal point; one more than a reply could still add 1000 to exactly. */
export const DELAY_DIGITS_MAX = 15;

/** Blanks, sign, digits with single underscores between them, and the digits of a fraction. */
const NUMBER = /^\s*([+-]?)(\d+(?:_\d+)*)?(?:\.(\d+(?:_\d+)*)?)?\s*$/;
const NOT_ZERO = /[1-9]/;

/**
 * Reads a delay. An empty text counts as 0; a fraction is rounded up to the next whole number, since
 * a page that announces 1666.7 ms must not be late at 1666.
 *
 * @param text The first piece of a query, decoded.
 * @return A whole number of at most {@linkcode DELAY_DIGITS_MAX} digits, possibly negative;
 * `undefined` if the text is not a number.
 */
export function parseDelay(text: string): number | undefined {
  const plain = parsePlainDigits(text);
  if (plain >= 0) return plain;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const whole = match[2]?.replaceAll("_", "") ?? "";
  const fraction = match[3] ?? "";
  if (whole === "" && fraction === "") return undefined;
  if (whole.length > DELAY_DIGITS_MAX) return undefined;
  const size = Number(whole);
  // Rounding up moves a positive number away from zero and a negative one towards it.
  if (match[1] === "-") return size === 0 ? 0 : -size;
  return NOT_ZERO.test(fraction) ? size + 1 : size;
}

/** Fast path for plain digits, which nearly every client sends; -1 for anything else. */
function parsePlainDigits(text: string): number {
  if (text.length > DELAY_DIGITS_MAX) return -1;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
