/**
 * A small reader of replies, for clients that ask one question per connection.
 *
 * @module
 */

/** Limits of a {@linkcode ResponseReader}, in bytes. */
export interface ResponseLimits {
  headBytesMax: number;
  bodyBytesMax: number;
}

/** A complete reply. */
export interface HttpResponse {
  /** 100 to 599. */
  status: number;
  body: Uint8Array;
}

const LF = 0x0a;
const CR = 0x0d;
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/;
const CONTENT_LENGTH = /^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*$/i;
const TRANSFER_ENCODING = /^transfer-encoding[ \t]*:/i;
const LATIN1 = new TextDecoder("latin1");

/**
 * Takes the bytes of one reply to an HTTP/1.0 request (RFC 1945): a head, then a body that ends after
 * Content-Length bytes or with the connection. Such a request excludes chunked bodies.
 */
export class ResponseReader {
  readonly #limits: ResponseLimits;
  #bytes = new Uint8Array(512);
  #length = 0;
  #headEnd = -1;
  #status = 0;
  #bodyBytes: number | undefined;
  #fault: string | undefined;

  /** @param limits What a reply may hold at most. */
  constructor(limits: ResponseLimits) {
    this.#limits = limits;
  }

  /** What is wrong with the reply, as a sentence; `undefined` if nothing is. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The status, once the head is complete and without fault. */
  get status(): number | undefined {
    return this.#headEnd < 0 || this.#fault !== undefined ? undefined : this.#status;
  }

  /** Takes the part of the body that has arrived, for replies that are streams. */
  takeBody(): Uint8Array {
    const body = this.#bytes.slice(this.#headEnd, this.#length);
    this.#length = this.#headEnd;
    return body;
  }

  /** Number of bytes taken so far. */
  get length(): number {
    return this.#length;
  }

  /** All bytes so far, of which {@linkcode takeBody} has not taken some. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Takes the next bytes.
   *
   * @return True if no more are needed: the reply is complete, or {@linkcode fault} says what is wrong.
   */
  push(bytes: Uint8Array): boolean {
    const searchFrom = Math.max(0, this.#length - 3);
    this.#append(bytes);
    if (this.#headEnd < 0) {
      this.#headEnd = findHeadEnd(this.#bytes.subarray(0, this.#length), searchFrom);
      const headBytes = this.#headEnd < 0 ? this.#length : this.#headEnd;
      if (headBytes > this.#limits.headBytesMax) {
        return this.#fail(`head has more than ${this.#limits.headBytesMax} bytes`);
      }
      if (this.#headEnd < 0) return false;
      this.#readHead();
      if (this.#fault !== undefined) return true;
    }
    const body = this.#length - this.#headEnd;
    // What comes after the announced bytes is no part of the reply, whether it comes with them or later.
    if ((this.#bodyBytes ?? body) > this.#limits.bodyBytesMax) {
      return this.#fail(`body has more than ${this.#limits.bodyBytesMax} bytes`);
    }
    return this.#bodyBytes !== undefined && body >= this.#bodyBytes;
  }

  /**
   * The reply, when {@linkcode push} returned true or the connection ended; `undefined` if it is
   * incomplete or faulty.
   */
  end(): HttpResponse | undefined {
    if (this.#fault !== undefined || this.#headEnd < 0) return undefined;
    const available = this.#length - this.#headEnd;
    const bodyBytes = this.#bodyBytes ?? available;
    if (available < bodyBytes) return undefined;
    const body = this.#bytes.slice(this.#headEnd, this.#headEnd + bodyBytes);
    return { status: this.#status, body };
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  #readHead(): void {
    const lines = LATIN1.decode(this.#bytes.subarray(0, this.#headEnd)).split(/\r?\n/);
    const status = STATUS_LINE.exec(lines[0] ?? "")?.[1];
    if (status === undefined) {
      this.#fail("first line is no HTTP/1 status line");
      return;
    }
    this.#status = Number(status);
    for (const line of lines) {
      const length = CONTENT_LENGTH.exec(line)?.[1];
      if (length !== undefined) this.#bodyBytes = Number(length);
      if (TRANSFER_ENCODING.test(line)) this.#fail("body is chunked in reply to HTTP/1.0");
    }
  }

  #fail(detail: string): true {
    this.#fault = `Cannot read reply: ${detail}`;
    return true;
  }
}

/** Index after the blank line, or -1. Line ends without CR are accepted, as old servers send them. */
function findHeadEnd(bytes: Uint8Array, from: number): number {
  for (let index = bytes.indexOf(LF, from); index >= 0; index = bytes.indexOf(LF, index + 1)) {
    if (bytes[index + 1] === LF) return index + 2;
    if (bytes[index + 1] === CR && bytes[index + 2] === LF) return index + 3;
  }
  return -1;
}
