/**
 * The first line of a request, byte for byte.
 *
 * @module
 */

import { byteName, type HeadSyntax, type Violation, violation } from "./violation.ts";
import { CLASSES, CR, LF, SP, TARGET, TOKEN } from "./characters.ts";
import type { RequestLimits } from "./limits.ts";

const START = 0;
const START_LF = 1;
const METHOD = 2;
const TARGET_TEXT = 3;
const VERSION = 4;
const LINE_LF = 5;

/** `HTTP/`, digit, dot, digit, carriage return. */
const VERSION_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f];
const VERSION_BYTES = 8;

/**
 * Scans `METHOD SP TARGET SP HTTP/1.x CRLF` (RFC 9112 section 3). Nothing is lenient but one thing:
 * empty lines before the request are skipped, because old clients end a body with one. For lines that
 * are made by hand see {@linkcode HeadSyntax}.
 *
 * All offsets count from the start of the head, so that the buffer may move between two calls.
 */
export class RequestLineScanner {
  readonly #limits: RequestLimits;
  readonly #syntax: HeadSyntax;
  #state = START;
  #versionBytes = 0;
  #major = 0;
  /** The next byte to look at. After the line it is the first byte of the fields. */
  at = 0;
  methodStart = 0;
  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  /** All bytes of the target, ORed: above 0x7f if one of them is not ASCII. */
  targetBits = 0;
  /** The minor version, 0 or 1. */
  minor = 0;
  /** The leniency for hand-made lines that this line has used, if any. */
  irregularity: Violation | undefined = undefined;

  /**
   * @param limits Of methods, targets and heads.
   * @param syntax What is taken.
   */
  constructor(limits: RequestLimits, syntax: HeadSyntax) {
    this.#limits = limits;
    this.#syntax = syntax;
  }

  /** True while no byte of a request line was seen. */
  get isAtStart(): boolean {
    return this.#state <= START_LF;
  }

  /** Resets for the next request. */
  reset(): void {
    this.#state = START;
    this.#versionBytes = 0;
    this.at = 0;
    this.targetBits = 0;
    this.irregularity = undefined;
  }

  /**
   * Looks at the bytes that are new. After a complete line, {@linkcode reset} comes first.
   *
   * @return True when the line is complete, false when more bytes are needed, else what is wrong.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean | Violation {
    const { headBytesMax, methodBytesMax, targetBytesMax } = this.#limits;
    const stop = Math.min(end, start + headBytesMax);
    let index = start + this.at;
    while (index < stop) {
      const byte = bytes[index] as number;
      switch (this.#state) {
        case START:
          if (byte === CR) {
            this.#state = START_LF;
            break;
          }
          if (byte === LF && this.#tolerates(byte, "in place of the method")) break;
          this.methodStart = index - start;
          this.#state = METHOD;
          continue;
        case START_LF:
          if (byte !== LF) return misplaced(byte, "after a carriage return");
          this.#state = START;
          break;
        case METHOD: {
          let next = byte;
          while (((CLASSES[next] as number) & TOKEN) !== 0) {
            if (index - start - this.methodStart >= methodBytesMax) {
              return violation(501, `Cannot serve method: longer than ${methodBytesMax} bytes`);
            }
            if (++index === stop) break;
            next = bytes[index] as number;
          }
          if (index === stop) continue;
          if (next !== SP) return misplaced(next, "in the method");
          if (index - start === this.methodStart) return misplaced(next, "in place of the method");
          this.methodEnd = index - start;
          this.targetStart = this.methodEnd + 1;
          this.#state = TARGET_TEXT;
          break;
        }
        case TARGET_TEXT: {
          let next = byte;
          let bits = this.targetBits;
          const limit = Math.min(stop, start + this.targetStart + targetBytesMax);
          while (((CLASSES[next] as number) & TARGET) !== 0) {
            if (index === limit) break;
            bits |= next;
            if (++index === stop) break;
            next = bytes[index] as number;
          }
          this.targetBits = bits;
          if (index === stop) continue;
          if (next !== SP) {
            if (index === limit && ((CLASSES[next] as number) & TARGET) !== 0) {
              return violation(414, `Cannot parse target: longer than ${targetBytesMax} bytes`);
            }
            return misplaced(next, "in the target");
          }
          if (index - start === this.targetStart) {
            if (!this.#tolerates(next, "in place of the target")) {
              return misplaced(next, "in place of the target");
            }
            this.targetStart++;
            break;
          }
          this.targetEnd = index - start;
          this.#state = VERSION;
          break;
        }
        case VERSION: {
          const result = this.#version(byte);
          if (result === false) break;
          this.at = index + 1 - start;
          return result;
        }
        case LINE_LF:
          if (byte !== LF) return misplaced(byte, "after a carriage return");
          this.at = index + 1 - start;
          return true;
      }
      index++;
    }
    this.at = index - start;
    if (this.at < headBytesMax) return false;
    return violation(431, `Cannot parse head: longer than ${headBytesMax} bytes`);
  }

  /** @return Whether the line is complete, which a carriage return leaves open, or what is wrong. */
  #version(byte: number): boolean | Violation {
    const position = this.#versionBytes;
    const isAtEdge = position === 0 || position === VERSION_BYTES;
    if (byte === SP && isAtEdge && this.#tolerates(byte, "beside the version")) return false;
    this.#versionBytes++;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (position < VERSION_PREFIX.length) {
      // A blank inside a target looks like the blank that ends it.
      if (byte !== VERSION_PREFIX[position]) return misplaced(byte, "in place of the version");
    } else if (position === 5) {
      if (!isDigit) return misplaced(byte, "in the version");
      this.#major = byte - 0x30;
    } else if (position === 6) {
      if (byte !== 0x2e) return misplaced(byte, "in the version");
    } else if (position < VERSION_BYTES) {
      if (!isDigit) return misplaced(byte, "in the version");
      this.minor = byte - 0x30;
    } else if (byte !== CR && !(byte === LF && this.#tolerates(byte, "after the version"))) {
      return misplaced(byte, "after the version");
    } else if (this.#major !== 1 || this.minor > 1) {
      return violation(505, "Cannot serve request: the version must be HTTP/1.1 or HTTP/1.0");
    } else if (byte === LF) {
      return true;
    } else {
      this.#state = LINE_LF;
    }
    return false;
  }

  /** Whether a hand-made line may contain such a byte; if so, that is remembered. */
  #tolerates(byte: number, place: string): boolean {
    if (this.#syntax === "strict") return false;
    this.irregularity ??= misplaced(byte, place);
    return true;
  }
}

function misplaced(byte: number, place: string): Violation {
  return violation(400, `Cannot parse request line: byte ${byteName(byte)} ${place}`);
}
