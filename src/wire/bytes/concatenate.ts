/**
 * Joins pieces of bytes.
 *
 * @module
 */

/**
 * Joins pieces in their order.
 *
 * @returns The piece itself if there is only one, so that nothing is copied.
 */
export function concatenate(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>;
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array;
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
