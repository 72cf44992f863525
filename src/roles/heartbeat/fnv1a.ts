/**
 * The hash FNV-1a of 32 bits: good enough for short names, and cheap byte by byte.
 *
 * @module
 */

/** Hash of the empty text. */
const FNV_START: number = 0x811c9dc5 | 0;
const FNV_FACTOR = 0x01000193;

/** Extends a hash by one byte. */
export function fnv1aStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_FACTOR);
}

/** Hash of a text; each code unit counts as one byte. */
export function fnv1a(text: string): number {
  let hash = FNV_START;
  for (let index = 0; index < text.length; index++) hash = fnv1aStep(hash, text.charCodeAt(index));
  return hash;
}
