/**
 * The head that came last, for those that differ from it in nothing but the target.
 *
 * @module
 */

import { CLASSES, SP, TARGET } from "./characters.ts";
import type { RequestLimits } from "./limits.ts";
import type { RequestHeadParts } from "./request_head.ts";

/** Longer heads, in bytes without the target, are not kept: a connection shall cost little. */
export const HEAD_MEMORY_BYTES_MAX = 512;

const SLASH = 0x2f;
const NOTHING = new Uint8Array(0);
const NO_PARTS: RequestHeadParts = {
  method: "",
  minor: 0,
  bodyBytes: 0,
  keepAlive: false,
  expectsContinue: false,
  upgrade: false,
};

/**
 * Recognises a head that is byte for byte the one before it except for its target, which is what a
 * client sends that asks again and again over one connection. What was found out about the fields
 * then holds for it too, and only the target has to be looked at.
 *
 * A head that is not recognised is no fault: it is for the parser to take apart.
 */
export class HeadMemory {
  readonly #limits: RequestLimits;
  /** The method and the blank after it. */
  #method = NOTHING;
  /** Everything from the blank after the target to the end of the head; empty if nothing is kept. */
  #tail = NOTHING;
  /** What all recognised heads have in common. */
  parts: RequestHeadParts = NO_PARTS;
  /** Where the target of the recognised head starts, counted from the start of the head. */
  targetStart = 0;
  /** Where it ends. */
  targetEnd = 0;
  /** All bytes of the target, ORed. */
  targetBits = 0;
  /** Where the recognised head ends. */
  headEnd = 0;

  /** @param limits Of targets and heads. */
  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /**
   * Keeps a head that was taken apart, if it is one that comes again.
   *
   * @param parts What it is made of.
   * @param head All of its bytes.
   * @param line Where its target is.
   */
  learn(
    parts: RequestHeadParts,
    head: Uint8Array,
    { targetStart, targetEnd }: { readonly targetStart: number; readonly targetEnd: number },
  ): void {
    const keptBytes = head.length - (targetEnd - targetStart);
    const comesAgain = parts.keepAlive && parts.bodyBytes === 0 && !parts.upgrade;
    if (!comesAgain || keptBytes > HEAD_MEMORY_BYTES_MAX) {
      this.forget();
      return;
    }
    this.parts = parts;
    this.targetStart = targetStart;
    this.#method = head.slice(0, targetStart);
    this.#tail = head.slice(targetEnd);
  }

  /** Keeps nothing. */
  forget(): void {
    this.#tail = NOTHING;
  }

  /**
   * Compares the bytes with the head that is kept; if they agree, the fields say where what is.
   *
   * @return False unless the whole head is there and like the last one.
   */
  recognise(bytes: Uint8Array, start: number, end: number): boolean {
    const tail = this.#tail;
    const tailBytes = tail.length;
    const from = start + this.targetStart;
    if (tailBytes === 0 || bytes[from] !== SLASH) return false;
    const last = Math.min(
      end - tailBytes,
      start + this.#limits.headBytesMax - tailBytes,
      from + this.#limits.targetBytesMax,
    );
    if (last < from || !isSame(this.#method, bytes, start)) return false;
    let at = from;
    let bits = 0;
    for (; at < last; at++) {
      const byte = bytes[at] as number;
      if (((CLASSES[byte] as number) & TARGET) === 0) break;
      bits |= byte;
    }
    if (at > last || bytes[at] !== SP || !isSame(tail, bytes, at)) return false;
    this.targetEnd = at - start;
    this.targetBits = bits;
    this.headEnd = at - start + tailBytes;
    return true;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
