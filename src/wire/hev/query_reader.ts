/**
 * Reads the one request of a connection to the query port, and writes the reply.
 *
 * @module
 */

import { parseQuery, type Query } from "./query.ts";

/** The largest request in bytes, the NUL not counted. */
export const QUERY_BYTES_MAX = 4096;

/** Room for nearly all requests; most connections need no more. */
const INITIAL_BYTES = 256;

/** How a request was written, and so how its reply must be: bare JSON, or JSON and a NUL. */
export type Dialect = "seed" | "nul";

/** A whole request. */
export interface ReadQuery {
  /** What it asks for. */
  readonly query: Query;
  /** How its reply is to be written. */
  readonly dialect: Dialect;
  /** Whether it holds `"reason": true`, which the original's clients never send. */
  readonly wantsReason: boolean;
}

/** The two replies. */
export type Reply = "ack" | "nack";

/** A reply, and why it is a nack. */
export type Answer = { readonly reply: "ack" } | {
  readonly reply: "nack";
  readonly reason: string;
};

const NUL = 0x00;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSERS: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const OBJECT_START = 0x7b;
/** The only bytes that JSON allows around a document. */
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Types in capitals are sent by clients that end their requests with a NUL. */
const NUL_TYPES: RegExp = /"type"\s*:\s*"[A-Z_]+"/;

const WANTS_REASON = /"reason"\s*:\s*true/;

/**
 * A reader of one request, fed with pieces of the stream.
 *
 * A request is whole at its NUL, or, from clients that send none, as soon as its outermost brace is
 * closed. If the type is in capitals the NUL is sure to come and is waited for; should it not come,
 * {@linkcode QueryReader.finish} takes the request as it is. Whatever cannot become an object any more
 * is refused at once. Bytes after the outermost brace count only if they come together with it.
 */
export class QueryReader {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;
  #depth = 0;
  #place: "before" | "value" | "string" | "escape" | "after" = "before";
  #done = false;

  /** Is a whole request here, waiting only for its NUL? Then do not wait for long. */
  get waitsForNul(): boolean {
    return !this.#done && this.#place === "after";
  }

  /**
   * Takes the next bytes.
   *
   * @return The request when it is whole, once; `undefined` while it is not, and afterwards.
   */
  push(bytes: Uint8Array): ReadQuery | undefined {
    if (this.#done) return undefined;
    const end = bytes.indexOf(NUL);
    const piece = end < 0 ? bytes : bytes.subarray(0, end);
    const dialect = end < 0 ? "seed" : "nul";
    if (piece.length > QUERY_BYTES_MAX - this.#length) {
      return this.#refuse(`it has more than ${QUERY_BYTES_MAX} bytes`, dialect);
    }
    this.#append(piece);
    if (dialect === "nul") return this.#parse(dialect);
    for (const byte of piece) {
      if (this.#step(byte) === "foreign") return this.#parse(dialect);
    }
    if (this.#place !== "after" || NUL_TYPES.test(this.#text())) return undefined;
    return this.#parse(dialect);
  }

  /**
   * Takes what has come as all that will come, for the end of the stream or of patience.
   *
   * @return The request if it is whole, otherwise `undefined`: half of one deserves no reply.
   */
  finish(): ReadQuery | undefined {
    return this.waitsForNul ? this.#parse("seed") : undefined;
  }

  #append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      bytes.set(this.#content());
      this.#bytes = bytes;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** Follows the structure of the document just far enough to know where it ends. */
  #step(byte: number): "foreign" | undefined {
    switch (this.#place) {
      case "before":
        if (BLANKS.has(byte)) return undefined;
        if (byte !== OBJECT_START) return "foreign";
        this.#place = "value";
        this.#depth = 1;
        return undefined;
      case "value":
        if (byte === QUOTE) this.#place = "string";
        else if (OPENERS.has(byte)) this.#depth++;
        else if (CLOSERS.has(byte) && --this.#depth === 0) this.#place = "after";
        return undefined;
      case "string":
        if (byte === QUOTE) this.#place = "value";
        else if (byte === BACKSLASH) this.#place = "escape";
        return undefined;
      case "escape":
        this.#place = "string";
        return undefined;
      case "after":
        return BLANKS.has(byte) ? undefined : "foreign";
    }
  }

  #parse(dialect: Dialect): ReadQuery {
    this.#done = true;
    try {
      const json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        this.#content(),
      );
      return { query: parseQuery(json), dialect, wantsReason: WANTS_REASON.test(json) };
    } catch {
      return this.#refuse("it is not UTF-8", dialect);
    }
  }

  #refuse(detail: string, dialect: Dialect): ReadQuery {
    this.#done = true;
    const reason = `Cannot take request: ${detail}`;
    return { query: { type: "refused", reason }, dialect, wantsReason: false };
  }

  #content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #text(): string {
    return new TextDecoder().decode(this.#content());
  }
}

/**
 * Writes a reply as a request wants it: byte for byte as the original does, unless it wants the reason.
 */
export function encodeReply(
  answer: Answer,
  { dialect, wantsReason }: Pick<ReadQuery, "dialect" | "wantsReason">,
): Uint8Array<ArrayBuffer> {
  const { reply } = answer;
  const reason = wantsReason && reply === "nack"
    ? `, "reason": ${JSON.stringify(answer.reason)}`
    : "";
  const json = `{"type": "${reply}"${reason}}`;
  return new TextEncoder().encode(dialect === "nul" ? `${json}\0` : json);
}
