/**
 * The body of a request, by length or in chunks.
 *
 * @module
 */

import { CLASSES, CR, HT, LF, sameWord, SEMICOLON, SP, TOKEN } from "./characters.ts";
import { FieldScanner } from "./fields.ts";
import { CHUNKED } from "./framing.ts";
import type { RequestLimits } from "./limits.ts";
import { byteName, type Violation, violation } from "./violation.ts";

const SIZE = 0;
/** Within an extension, which is ignored; its first byte has to be that of a name. */
const EXTENSION = 1;
const EXTENSION_NAME = 9;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILERS = 6;
const LENGTH = 7;
const DONE = 8;

/** Hexadecimal digits of a chunk size: below 2^52, so that sums stay exact. */
const SIZE_DIGITS_MAX = 12;

/**
 * Finds the payload of one body (RFC 9112 sections 6 and 7). Trailer fields are checked and thrown
 * away: nothing here needs them, and as header fields they would be a way round every check.
 */
export class BodyScanner {
  readonly #limits: RequestLimits;
  #state = DONE;
  #remaining = 0;
  #received = 0;
  #lineBytes = 0;
  #sizeDigits = 0;
  #trailers: FieldScanner | undefined;
  /** After a call of {@linkcode scan}: where the payload found starts and ends in the buffer. */
  payloadStart = 0;
  payloadEnd = 0;
  /** After a call of {@linkcode scan}: everything before this was used up. */
  next = 0;

  /** @param limits Of bodies, chunk lines and trailers. */
  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** True when the body has ended, or there is none. */
  get isDone(): boolean {
    return this.#state === DONE;
  }

  /** Payload bytes that are still to come as far as is known; 0 before the next chunk header. */
  get remaining(): number {
    return this.#state === LENGTH || this.#state === DATA ? this.#remaining : 0;
  }

  /**
   * Begins a body.
   *
   * @param bodyBytes Its length in bytes, or {@linkcode CHUNKED}.
   */
  begin(bodyBytes: number): void {
    this.#received = 0;
    this.#remaining = bodyBytes;
    if (bodyBytes === CHUNKED) this.#beginSize();
    else this.#state = bodyBytes === 0 ? DONE : LENGTH;
  }

  /**
   * Goes on to the next piece of payload.
   *
   * @return Undefined, with the results in the fields, or what is wrong.
   */
  scan(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    this.payloadStart = this.payloadEnd = this.next = start;
    if (this.#state === LENGTH) {
      if (this.#remaining > this.#limits.bodyBytesMax) return this.#tooLarge();
      this.#payload(start, end);
      if (this.#remaining === 0) this.#state = DONE;
      return undefined;
    }
    while (this.next < end && this.#state !== DONE) {
      if (this.#state === DATA) {
        this.#payload(this.next, end);
        if (this.#remaining === 0) this.#state = DATA_CR;
        return undefined;
      }
      if (this.#state === TRAILERS) return this.#scanTrailers(bytes, end);
      const fault = this.#frame(bytes[this.next++] as number);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #payload(start: number, end: number): void {
    const taken = Math.min(end - start, this.#remaining);
    this.#remaining -= taken;
    this.payloadStart = start;
    this.payloadEnd = this.next = start + taken;
  }

  #frame(byte: number): Violation | undefined {
    if (this.#state === DATA_CR || this.#state === DATA_LF) {
      const isEnd = this.#state === DATA_LF;
      if (byte !== (isEnd ? LF : CR)) return misplaced(byte, "after the data of a chunk");
      if (isEnd) this.#beginSize();
      else this.#state = DATA_LF;
      return undefined;
    }
    if (++this.#lineBytes > this.#limits.chunkLineBytesMax) {
      return violation(
        400,
        `Cannot parse chunk: its first line has more than ${this.#limits.chunkLineBytesMax} bytes`,
      );
    }
    if (this.#state === SIZE_LF) {
      if (byte !== LF) return misplaced(byte, "after a carriage return");
      return this.#beginData();
    }
    if (this.#state === SIZE) {
      const digit = hexadecimal(byte);
      if (digit >= 0) {
        if (++this.#sizeDigits > SIZE_DIGITS_MAX) return this.#tooLarge();
        this.#remaining = this.#remaining * 16 + digit;
        return undefined;
      }
      if (this.#sizeDigits === 0) return misplaced(byte, "in place of the size");
      if (byte === SEMICOLON) {
        this.#state = EXTENSION_NAME;
        return undefined;
      }
    } else if (this.#state === EXTENSION_NAME) {
      // RFC 9112 section 7.1.1. A blank may come first, which no honest peer sends.
      if (byte === SP || byte === HT) return undefined;
      if (((CLASSES[byte] as number) & TOKEN) === 0) {
        return misplaced(byte, "in place of an extension's name");
      }
      this.#state = EXTENSION;
      return undefined;
    } else if (byte === HT || (byte >= SP && byte < 0x7f)) {
      return undefined;
    }
    if (byte !== CR) return misplaced(byte, "in the line of the size");
    this.#state = SIZE_LF;
    return undefined;
  }

  #beginSize(): void {
    this.#state = SIZE;
    this.#remaining = 0;
    this.#lineBytes = 0;
    this.#sizeDigits = 0;
  }

  #beginData(): Violation | undefined {
    if (this.#remaining === 0) {
      this.#state = TRAILERS;
      this.#trailers ??= new FieldScanner(
        {
          bytesMax: this.#limits.trailerBytesMax,
          fieldsMax: this.#limits.fieldsMax,
          section: "trailers",
          syntax: "strict",
        },
        judgeTrailer,
      );
      this.#trailers.reset(0);
      return undefined;
    }
    this.#received += this.#remaining;
    if (this.#received > this.#limits.bodyBytesMax) return this.#tooLarge();
    this.#state = DATA;
    return undefined;
  }

  #scanTrailers(bytes: Uint8Array, end: number): Violation | undefined {
    const trailers = this.#trailers as FieldScanner;
    const result = trailers.scan(bytes, this.next, end);
    if (typeof result === "object") return result;
    if (result) {
      this.next += trailers.at;
      this.#state = DONE;
    }
    return undefined;
  }

  #tooLarge(): Violation {
    return violation(413, `Cannot take body: larger than ${this.#limits.bodyBytesMax} bytes`);
  }
}

/** Fields that say where a message ends or for whom it is, and therefore have to stand before it. */
const NO_TRAILERS = ["content-length", "transfer-encoding", "host"];

/** Whoever believed such a trailer would read another request than we do (RFC 9110 section 6.5.1). */
function judgeTrailer(bytes: Uint8Array, start: number, end: number): Violation | undefined {
  const found = NO_TRAILERS.find((name) => sameWord(bytes, start, end, name));
  return found === undefined
    ? undefined
    : violation(400, `Cannot take trailers: ${found} belongs to the head`);
}

function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function misplaced(byte: number, place: string): Violation {
  return violation(400, `Cannot parse chunk: byte ${byteName(byte)} ${place}`);
}
