/**
 * Percent-escapes as a heartbeat client may send them: well formed, malformed or not at all.
 *
 * Texts come in as the HTTP parser gives them: one code unit from 0 to 255 for each byte on the wire.
 *
 * @module
 */

const PERCENT = 0x25;
const ASCII_END = 0x80;

/** U+FEFF at the start of a name is a part of the name. */
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Decodes percent-escapes and UTF-8. Malformed escapes stay as they are, bytes that are not UTF-8
 * become U+FFFD, `+` stays a plus sign; it never throws.
 *
 * @param text One code unit from 0 to 255 for each byte.
 */
export function decodePercent(text: string): string {
  if (text.indexOf("%") < 0) return decodeRaw(text);
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === PERCENT) {
      const high = hexadecimalDigit(text.charCodeAt(index + 1));
      const low = hexadecimalDigit(text.charCodeAt(index + 2));
      if (high >= 0 && low >= 0) {
        bytes[length++] = high * 16 + low;
        index += 2;
        continue;
      }
    }
    bytes[length++] = code;
  }
  return DECODER.decode(bytes.subarray(0, length));
}

/**
 * Decodes UTF-8 only; percent-escapes stay as they were sent.
 *
 * @param text One code unit from 0 to 255 for each byte.
 */
export function decodeRaw(text: string): string {
  if (isAscii(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return DECODER.decode(bytes);
}

/** Whether each code unit is below 0x80. */
function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= ASCII_END) return false;
  }
  return true;
}

/** The value of a hexadecimal digit; -1 for anything else, the end of the text (`NaN`) included. */
function hexadecimalDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
