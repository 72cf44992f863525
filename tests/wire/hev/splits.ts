/**
 * Ways to cut a stream into pieces.
 *
 * @module
 */

import { fc } from "../../packages/fast_check.ts";

/** Hands out `bytes` one by one. */
export function* byteByByte(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** Hands out `bytes` in pieces of the given lengths, over and over; a length of 0 is an empty piece. */
export function* piecesOf(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let piece = 0; at < bytes.length; piece++) {
    const length = lengths[piece % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** Lengths for {@linkcode piecesOf}: not all of them are 0. */
export function pieceLengths(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }).filter((lengths) =>
    lengths.some((length) => length > 0)
  );
}
