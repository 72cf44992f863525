/**
 * The head of one request.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { latin1, sameWord } from "./characters.ts";
import type { FieldScanner } from "./fields.ts";

/** What a head is made of when its last byte was read, besides its target. */
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

/**
 * The head of a request. What the server itself needs is decoded; the fields are decoded when asked
 * for, which is possible only until the parser is given room for more bytes.
 */
export class RequestHead {
  /** Tells it from other events. */
  readonly kind = "head";
  /** Method as sent, such as `GET`; case matters. */
  readonly method: string;
  /**
   * Request target exactly as sent: one character per byte (ISO 8859-1), percent escapes, a second
   * question mark and all. Bytes that are not ASCII are usually UTF-8: decoding is the reader's job.
   * It is a path with query, a whole URL (`http://…`), or `*`.
   */
  readonly target: string;
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly minor: number;
  /** Length of the body in bytes, 0 if there is none, {@linkcode CHUNKED} (-1) if chunks tell it. */
  readonly bodyBytes: number;
  /** Whether the peer may send another request on this connection. */
  readonly keepAlive: boolean;
  /** Whether the peer waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  /** Whether the peer asks to change the protocol (`Connection: Upgrade` and `Upgrade`). */
  readonly upgrade: boolean;

  #fields: FieldScanner | undefined;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  /**
   * @param target As sent, see {@linkcode target}.
   * @param parts What else is decoded already.
   * @param bytes The buffer that holds the head.
   * @param start Where the head starts in it.
   * @param fields Where the fields are, counted from there.
   */
  constructor(
    target: string,
    parts: RequestHeadParts,
    bytes: Uint8Array,
    start: number,
    fields: FieldScanner,
  ) {
    this.method = parts.method;
    this.target = target;
    this.minor = parts.minor;
    this.bodyBytes = parts.bodyBytes;
    this.keepAlive = parts.keepAlive;
    this.expectsContinue = parts.expectsContinue;
    this.upgrade = parts.upgrade;
    this.#bytes = bytes;
    this.#start = start;
    this.#fields = fields;
  }

  /**
   * The value of a field, each character one byte; several lines of one name are joined by `, `.
   *
   * @param name The name in lower case.
   */
  header(name: string): string | undefined {
    const fields = this.#readable();
    let value: string | undefined;
    for (let field = 0; field < fields.count; field++) {
      const from = this.#start + fields.offset(field, 0);
      const to = this.#start + fields.offset(field, 1);
      if (!sameWord(this.#bytes, from, to, name)) continue;
      const text = this.#text(field, 2);
      value = value === undefined ? text : `${value}, ${text}`;
    }
    return value;
  }

  /** All fields in the order sent, names as sent, each character of a value one byte. */
  headers(): [name: string, value: string][] {
    const fields = this.#readable();
    const all: [string, string][] = [];
    for (let field = 0; field < fields.count; field++) {
      all.push([this.#text(field, 0), this.#text(field, 2)]);
    }
    return all;
  }

  /** Ends the time in which fields can be asked for; the parser calls it before bytes move. */
  release(): void {
    this.#fields = undefined;
  }

  #text(field: number, number: number): string {
    const fields = this.#readable();
    const from = this.#start + fields.offset(field, number);
    return latin1(this.#bytes, from, this.#start + fields.offset(field, number + 1));
  }

  #readable(): FieldScanner {
    assert(this.#fields !== undefined, "fields are read before the parser goes on");
    return this.#fields;
  }
}
