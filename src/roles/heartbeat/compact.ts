/**
 * Detaches a piece of text from the string that it was cut from.
 *
 * @module
 */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Copies a text. The identity of a new application is made of a piece of its request, which keeps
 * the whole request in memory for as long as the identity is kept.
 */
export function compact(text: string): string {
  return DECODER.decode(ENCODER.encode(text));
}
