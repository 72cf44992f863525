/**
 * The head of one request.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { latin1, sameWord } from "./characters.ts";
import type { FieldScanner } from "./fields.ts";

/** The parts of a complete head, besides its target. */
export interface RequestHeadParts {
  /** Method as sent; case matters. */
  readonly method: string;
  /** Minor version: 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly minor: number;
  /** Body length in bytes, or {@linkcode CHUNKED}. */
  readonly bodyBytes: number;
  /** Whether another request may follow on the connection. */
  readonly keepAlive: boolean;
  /** Whether the peer waits for `100 Continue`. */
  readonly expectsContinue: boolean;
  /** Whether the peer asks to change the protocol. */
  readonly upgrade: boolean;
}

/** Where the target of a request lies in its head. */
export interface TargetPlace {
  /** Its first byte, counted from the start of the head. */
  readonly targetStart: number;
  /** One past its last byte, counted likewise. */
  readonly targetEnd: number;
  /** All of its bytes, ORed. */
  readonly targetBits: number;
}

const UTF8 = new TextDecoder();

/**
 * The head of a request. What the server itself needs is decoded; target and fields are decoded when
 * asked for, which is possible only until the parser is given room for more bytes.
 */
export class RequestHead {
  /** The kind of this event. */
  readonly kind = "head";
  /** Holds the bytes of the head, and others, until the parser is given room for more. */
  readonly buffer: Uint8Array;
  /** Where the target begins in {@linkcode buffer}. */
  readonly targetStart: number;
  /** Where the target ends in {@linkcode buffer}. */
  readonly targetEnd: number;

  readonly #parts: RequestHeadParts;
  #fields: FieldScanner | undefined;
  #target: string | undefined;
  readonly #targetBits: number;
  readonly #start: number;
  readonly #headEnd: number;

  /**
   * @param parts What is decoded already.
   * @param place Where the target is.
   * @param bytes The buffer that holds the head.
   * @param start Where the head starts in it.
   * @param fields Offsets of the fields, relative to the head; taken from this head or an equal one.
   * @param headEnd Where the head ends, counted likewise.
   */
  constructor(
    parts: RequestHeadParts,
    place: TargetPlace,
    bytes: Uint8Array,
    start: number,
    fields: FieldScanner,
    headEnd: number,
  ) {
    this.#parts = parts;
    this.buffer = bytes;
    this.targetStart = start + place.targetStart;
    this.targetEnd = start + place.targetEnd;
    this.#targetBits = place.targetBits;
    this.#start = start;
    this.#headEnd = headEnd;
    this.#fields = fields;
  }

  /** Method as sent, such as `GET`; case matters. */
  get method(): string {
    return this.#parts.method;
  }

  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  get minor(): number {
    return this.#parts.minor;
  }

  /** Length of the body in bytes, 0 if there is none, {@linkcode CHUNKED} (-1) if chunks tell it. */
  get bodyBytes(): number {
    return this.#parts.bodyBytes;
  }

  /** Whether the peer may send another request on this connection. */
  get keepAlive(): boolean {
    return this.#parts.keepAlive;
  }

  /** Whether the peer waits for `100 Continue` before it sends the body. */
  get expectsContinue(): boolean {
    return this.#parts.expectsContinue;
  }

  /** Whether the peer asks to change the protocol (`Connection: Upgrade` and `Upgrade`). */
  get upgrade(): boolean {
    return this.#parts.upgrade;
  }

  /**
   * Request target exactly as sent: one character per byte (ISO 8859-1), percent escapes, a second
   * question mark and all. Bytes that are not ASCII are usually UTF-8: decoding is the reader's job.
   * It is a path with query, a whole URL (`http://…`), or `*`.
   */
  get target(): string {
    this.#readable();
    return this.#target ??= targetText(
      this.buffer,
      this.targetStart,
      this.targetEnd,
      this.#targetBits,
    );
  }

  /**
   * The value of a field, each character one byte; several lines of one name are joined by `, `.
   *
   * @param name The name in lower case.
   */
  header(name: string): string | undefined {
    const fields = this.#readableFields();
    let value: string | undefined;
    for (let field = 0; field < fields.count; field++) {
      const from = this.#start + fields.offset(field, 0);
      const to = this.#start + fields.offset(field, 1);
      if (!sameWord(this.buffer, from, to, name)) continue;
      const text = this.#text(field, 2);
      value = value === undefined ? text : `${value}, ${text}`;
    }
    return value;
  }

  /** All fields in the order sent, names as sent, each character of a value one byte. */
  headers(): [name: string, value: string][] {
    const fields = this.#readableFields();
    const all: [string, string][] = [];
    for (let field = 0; field < fields.count; field++) {
      all.push([this.#text(field, 0), this.#text(field, 2)]);
    }
    return all;
  }

  /** Called by the parser before bytes move: from then on, target and fields cannot be read. */
  release(): void {
    this.#fields = undefined;
  }

  #text(field: number, number: number): string {
    const fields = this.#readableFields();
    const from = this.#start + fields.offset(field, number);
    return latin1(this.buffer, from, this.#start + fields.offset(field, number + 1));
  }

  #readableFields(): FieldScanner {
    const fields = this.#readable();
    fields.moveTo(this.#headEnd);
    return fields;
  }

  #readable(): FieldScanner {
    assert(this.#fields !== undefined, "a head is read before the parser goes on");
    return this.#fields;
  }
}

/** @param bits All bytes of the target, ORed. */
function targetText(bytes: Uint8Array, start: number, end: number, bits: number): string {
  // For ASCII the built-in decoder gives the same text in half the time.
  return bits < 0x80 ? UTF8.decode(bytes.subarray(start, end)) : latin1(bytes, start, end);
}
