/**
 * Known bytes among others.
 *
 * @module
 */

/** Whether known bytes stand at a place; a buffer that ends too early does not hold them. */
export function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
