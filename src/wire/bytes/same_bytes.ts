/**
 * Compares bytes with known ones.
 *
 * @module
 */

/** Whether a buffer holds known bytes at a position; false if the buffer ends too early. */
export function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
