/**
 * The header fields that say how a message is framed and for which host it is.
 *
 * @module
 */

import { AUTHORITY, CLASSES, HT, latin1, sameWord, SP } from "./characters.ts";
import { type Violation, violation } from "./violation.ts";

/** Stands for the unknown length of a chunked body. */
export const CHUNKED = -1;

/** The most digits of a length: a double holds such numbers exactly. */
const LENGTH_DIGITS_MAX = 15;
const COMMA = 0x2c;
/** A name or an address, IPv6 in brackets, and perhaps a port (RFC 9110 section 7.2). */
const HOST = /^(?:\[[^\[\]]*\]|[^:[\]]*)(?::\d*)?$/;

/**
 * Collects what the fields of one head say about its framing. Anything that two readers could
 * understand differently is refused: that is how requests are smuggled (RFC 9112 section 11.2).
 */
export class Framing {
  #hosts = 0;
  #lengths = 0;
  #codings = 0;
  #length = 0;
  #asksClose = false;
  #asksKeepAlive = false;
  #asksUpgrade = false;
  #hasUpgrade = false;
  #fault: Violation | undefined = undefined;
  /** The peer waits for `100 Continue` before it sends the body. */
  expectsContinue = false;

  /** Resets for the next head. */
  reset(): void {
    this.#hosts =
      this.#lengths =
      this.#codings =
      this.#length =
        0;
    this.#asksClose =
      this.#asksKeepAlive =
      this.#asksUpgrade =
      this.#hasUpgrade =
        false;
    this.#fault = undefined;
    this.expectsContinue = false;
  }

  /** Length of the body in bytes, 0 if there is none, or {@linkcode CHUNKED}. */
  get bodyBytes(): number {
    return this.#codings > 0 ? CHUNKED : this.#length;
  }

  /** The peer asks to speak another protocol after this request (RFC 9110 section 7.8). */
  get upgrade(): boolean {
    return this.#asksUpgrade && this.#hasUpgrade;
  }

  /** May another request follow? (RFC 9112 section 9.3) */
  keepAlive(minor: number): boolean {
    return !this.#asksClose && (minor > 0 || this.#asksKeepAlive);
  }

  /** Looks at one field; the kind of {@linkcode OnField}. */
  readonly take = (
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    start: number,
    end: number,
  ): Violation | undefined => {
    // Nearly all fields are told apart by the length of their name.
    switch (nameEnd - nameStart) {
      case 4:
        if (sameWord(bytes, nameStart, nameEnd, "host")) return this.#host(bytes, start, end);
        break;
      case 6:
        if (sameWord(bytes, nameStart, nameEnd, "expect")) return this.#expect(bytes, start, end);
        break;
      case 7:
        if (sameWord(bytes, nameStart, nameEnd, "upgrade")) this.#hasUpgrade = true;
        break;
      case 10:
        if (sameWord(bytes, nameStart, nameEnd, "connection")) this.#connection(bytes, start, end);
        break;
      case 14:
        if (sameWord(bytes, nameStart, nameEnd, "content-length")) {
          return this.#contentLength(bytes, start, end);
        }
        break;
      case 17:
        if (sameWord(bytes, nameStart, nameEnd, "transfer-encoding")) {
          return this.#transferEncoding(bytes, start, end);
        }
        break;
    }
    return undefined;
  };

  /**
   * Judges the head as a whole.
   *
   * @param minor The minor version, 0 or 1.
   */
  finish(minor: number): Violation | undefined {
    if (this.#hosts === 0 && minor > 0) {
      return violation(400, "Cannot serve request: HTTP/1.1 needs a Host field");
    }
    if (this.#codings > 0) {
      if (this.#lengths > 0) {
        return violation(400, "Cannot frame body: both Content-Length and Transfer-Encoding");
      }
      if (minor === 0) {
        return violation(400, "Cannot frame body: HTTP/1.0 has no Transfer-Encoding");
      }
    }
    return this.#fault;
  }

  #host(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (++this.#hosts > 1) return violation(400, "Cannot serve request: more than one Host field");
    for (let index = start; index < end; index++) {
      if (((CLASSES[bytes[index] as number] as number) & AUTHORITY) === 0) {
        return violation(400, "Cannot serve request: Host is not a name or address");
      }
    }
    if (!HOST.test(latin1(bytes, start, end))) {
      return violation(400, "Cannot serve request: Host is not a name or address, and a port");
    }
    return undefined;
  }

  #expect(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (!sameWord(bytes, start, end, "100-continue")) {
      return violation(417, "Cannot serve request: Expect must be 100-continue");
    }
    this.expectsContinue = true;
    return undefined;
  }

  #contentLength(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    // Equal ones could be merged (RFC 9110 section 8.6), but nobody who means well sends two.
    if (++this.#lengths > 1) {
      return violation(400, "Cannot frame body: more than one Content-Length");
    }
    let length = 0;
    for (let index = start; index < end; index++) {
      const digit = (bytes[index] as number) - 0x30;
      if (digit < 0 || digit > 9) {
        return violation(400, "Cannot frame body: Content-Length is not digits");
      }
      length = length * 10 + digit;
    }
    if (start === end) return violation(400, "Cannot frame body: Content-Length is empty");
    if (end - start > LENGTH_DIGITS_MAX) {
      return violation(
        413,
        `Cannot take body: Content-Length has more than ${LENGTH_DIGITS_MAX} digits`,
      );
    }
    this.#length = length;
    return undefined;
  }

  #transferEncoding(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (++this.#codings > 1) {
      return violation(400, "Cannot frame body: more than one Transfer-Encoding");
    }
    if (sameWord(bytes, start, end, "chunked")) return undefined;
    const codings = latin1(bytes, start, end).toLowerCase().split(",").map((coding) =>
      coding.trim()
    );
    if (codings.filter((coding) => coding === "chunked").length > 1) {
      return violation(400, "Cannot frame body: chunked twice");
    }
    if (codings.includes("chunked") && codings.at(-1) !== "chunked") {
      return violation(400, "Cannot frame body: chunked is not the last coding");
    }
    // A fault of the framing is worse news than a coding that is merely unknown: judged at the end.
    this.#fault = violation(501, "Cannot decode body: the only transfer coding known is chunked");
    return undefined;
  }

  #connection(bytes: Uint8Array, start: number, end: number): void {
    let tokenStart = start;
    for (let index = start; index <= end; index++) {
      if (index < end && bytes[index] !== COMMA) continue;
      let from = tokenStart;
      let to = index;
      while (from < to && isBlank(bytes[from])) from++;
      while (to > from && isBlank(bytes[to - 1])) to--;
      if (sameWord(bytes, from, to, "close")) this.#asksClose = true;
      else if (sameWord(bytes, from, to, "keep-alive")) this.#asksKeepAlive = true;
      else if (sameWord(bytes, from, to, "upgrade")) this.#asksUpgrade = true;
      tokenStart = index + 1;
    }
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HT;
}
