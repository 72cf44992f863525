/**
 * Recognises heads that differ from the previous head in nothing but the target.
 *
 * @module
 */

import { sameBytes } from "../bytes/same_bytes.ts";
import { CLASSES, SP, TARGET } from "./characters.ts";
import type { RequestLimits } from "./limits.ts";
import type { RequestHeadParts } from "./request_head.ts";

/** The longest head that is remembered, in bytes without the target, to keep connections cheap. */
export const HEAD_MEMORY_BYTES_MAX = 512;

const SLASH = 0x2f;

/**
 * Recognises a head that is byte for byte the one before it except for its target, which is what a
 * client sends that asks again and again over one connection. What was found out about the fields
 * then holds for it too, and only the target has to be looked at.
 *
 * A head that is not recognised is not an error: the parser reads it as usual.
 */
export class HeadMemory {
  /**
   * What was kept last by the parsers that have the same limits, which are those of one server:
   * clients of one kind send the same heads.
   */
  static readonly #last = new WeakMap<RequestLimits, HeadMemory>();

  /** What all recognised heads have in common. */
  readonly parts: RequestHeadParts;
  /** Where the target starts, counted from the start of the head. */
  readonly targetStart: number;
  /** The method and the blank after it. */
  readonly #method: Uint8Array;
  /** Everything from the blank after the target to the end of the head. */
  readonly #tail: Uint8Array;
  /** Where the target of the head that was recognised last ends. */
  targetEnd = 0;
  /** All bytes of that target, ORed. */
  targetBits = 0;
  /** Where that head ends. */
  headEnd = 0;

  private constructor(parts: RequestHeadParts, method: Uint8Array, tail: Uint8Array) {
    this.parts = parts;
    this.targetStart = method.length;
    this.#method = method;
    this.#tail = tail;
  }

  /**
   * Remembers a parsed head if it is of a kind that is sent repeatedly.
   *
   * @param parts Its parsed parts.
   * @param head All of its bytes, beginning with the method.
   * @param line Where its target is.
   * @param limits The parser's limits, compared by identity.
   * @return Undefined if it is not kept. Connections that send the same head share one copy, which
   * therefore stays in the processor's cache even with a thousand connections.
   */
  static of(
    parts: RequestHeadParts,
    head: Uint8Array,
    { targetStart, targetEnd }: { readonly targetStart: number; readonly targetEnd: number },
    limits: RequestLimits,
  ): HeadMemory | undefined {
    const keptBytes = head.length - (targetEnd - targetStart);
    const comesAgain = parts.keepAlive && parts.bodyBytes === 0 && !parts.upgrade;
    if (!comesAgain || keptBytes > HEAD_MEMORY_BYTES_MAX) return undefined;
    const last = HeadMemory.#last.get(limits);
    if (last !== undefined && last.#isOf(head, targetStart, targetEnd)) return last;
    const made = new HeadMemory(parts, head.slice(0, targetStart), head.slice(targetEnd));
    HeadMemory.#last.set(limits, made);
    return made;
  }

  /**
   * Compares bytes with the head that is kept; if they agree, the fields say where what is, until the
   * next call.
   *
   * @param limits Of targets and heads.
   * @return True if the whole head is there and equals the remembered one except for its target.
   */
  recognise(bytes: Uint8Array, start: number, end: number, limits: RequestLimits): boolean {
    const tail = this.#tail;
    const tailBytes = tail.length;
    const from = start + this.targetStart;
    if (bytes[from] !== SLASH) return false;
    const last = Math.min(
      end - tailBytes,
      start + limits.headBytesMax - tailBytes,
      from + limits.targetBytesMax,
    );
    if (last < from || !sameBytes(this.#method, bytes, start)) return false;
    let at = from;
    let bits = 0;
    for (; at < last; at++) {
      const byte = bytes[at] as number;
      if (((CLASSES[byte] as number) & TARGET) === 0) break;
      bits |= byte;
    }
    if (at > last || bytes[at] !== SP || !sameBytes(tail, bytes, at)) return false;
    this.targetEnd = at - start;
    this.targetBits = bits;
    this.headEnd = at - start + tailBytes;
    return true;
  }

  #isOf(head: Uint8Array, targetStart: number, targetEnd: number): boolean {
    if (this.targetStart !== targetStart) return false;
    // A tail ends with an empty line: nothing can follow it in a head.
    return sameBytes(this.#method, head, 0) && sameBytes(this.#tail, head, targetEnd);
  }
}
