/**
 * Which bytes may stand where in an HTTP/1.1 head.
 *
 * @module
 */

/** Tabulator, line feed, carriage return, blank, colon, semicolon. */
export const HT = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

/** The byte may stand in a token: methods and field names (RFC 9110 section 5.6.2). */
export const TOKEN = 1;
/**
 * The byte may stand in a request target. RFC 3986 allows fewer, but applications send names as they
 * are: raw UTF-8, stray percent signs, quotes, braces. Only what ends a target is out of the question.
 */
export const TARGET = 2;
/** The byte may stand in a field value: visible, blank, tabulator, or not ASCII (section 5.5). */
export const VALUE = 4;
/** The byte may stand in the value of Host: a name or address and a port (RFC 3986 section 3.2). */
export const AUTHORITY = 8;

/** The classes above for each byte, as a bit set. */
export const CLASSES: Uint8Array = new Uint8Array(256).map((_, byte) => classesOf(byte));

function classesOf(byte: number): number {
  const character = String.fromCharCode(byte);
  let bits = 0;
  if (/[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(character)) bits |= TOKEN;
  if (byte > SP && byte !== 0x7f) bits |= TARGET;
  if ((byte >= SP && byte !== 0x7f) || byte === HT) bits |= VALUE;
  if (/[A-Za-z0-9._~!$&'()*+,;=%:[\]-]/.test(character)) bits |= AUTHORITY;
  return bits;
}

const CHARACTERS_PER_CALL = 4096;

/** Makes a string of which each character is one byte (ISO 8859-1). */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at += CHARACTERS_PER_CALL) {
    const part = bytes.subarray(at, Math.min(at + CHARACTERS_PER_CALL, end));
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

/**
 * Compares a part of the bytes with a word, whatever the case of the letters.
 *
 * @param word The word in lower case, ASCII.
 */
export function sameWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let index = 0; index < word.length; index++) {
    let byte = bytes[start + index] as number;
    if (byte >= 0x41 && byte <= 0x5a) byte += 32;
    if (byte !== word.charCodeAt(index)) return false;
  }
  return true;
}
