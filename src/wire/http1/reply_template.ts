/**
 * Replies that differ only in their body.
 *
 * @module
 */

import type { ByteArena } from "../bytes/byte_arena.ts";
import { mayHaveBody } from "./status.ts";
import { connectionLine, fieldLines, type Persistence, statusLine } from "./writer.ts";

/** What a {@linkcode ReplyTemplate} holds. */
export interface ReplyTemplateOptions {
  /** Status code, 200 to 599. */
  readonly status: number;
  /** Header fields, written once; those about framing, connection and date are the server's. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What differs from reply to reply, besides the body. */
export interface ReplyCircumstances {
  /** The current time in the form of `Date`. */
  readonly date: string;
  /** What becomes of the connection. */
  readonly persistence: Persistence;
  /** The request's method: a reply to `HEAD` is only the head. */
  readonly method: string;
  /** Fields that the server puts on every reply, as {@linkcode fieldLines} writes them; none if not given. */
  readonly lines?: string;
}

const UTF8 = new TextEncoder();
/** Up to this length a loop encodes a body faster than the encoder. */
const LOOP_CHARACTERS_MAX = 64;

const NO_PREFIX: Prefix = { date: "", lines: "", bytes: new Uint8Array(0) };

/**
 * A reply whose head is encoded once and used many times: status, fields and date as bytes, so that
 * a reply costs one copy and a few digits.
 */
export class ReplyTemplate {
  /** Status code. */
  readonly status: number;
  readonly #lines: string;
  readonly #hasBody: boolean;
  readonly #prefixes: Record<Persistence, Prefix> = {
    "implied": NO_PREFIX,
    "keep-alive": NO_PREFIX,
    "close": NO_PREFIX,
  };

  /** @throws {TypeError} if a field has a name or value that HTTP does not allow. */
  constructor(options: ReplyTemplateOptions) {
    this.status = options.status;
    this.#hasBody = mayHaveBody(options.status);
    this.#lines = statusLine(options.status) + fieldLines(Object.entries(options.headers ?? {}));
  }

  /**
   * Writes one reply.
   *
   * @param body Text (sent as UTF-8) or bytes; of no effect where the status allows no body.
   * @param circumstances Date, connection and method.
   * @param arena Where the bytes will lie.
   */
  encode(
    body: string | Uint8Array,
    circumstances: ReplyCircumstances,
    arena: ByteArena,
  ): Uint8Array {
    const prefix = this.#prefix(circumstances);
    if (!this.#hasBody) return prefix;
    const isHead = circumstances.method === "HEAD";
    if (typeof body === "string") {
      const length = body.length;
      if (length <= LOOP_CHARACTERS_MAX && !isHead) {
        const reply = this.#encodeShort(body, prefix, arena);
        if (reply !== undefined) return reply;
      }
      body = UTF8.encode(body);
    }
    const digits = String(body.length);
    const bodyStart = prefix.length + digits.length + 4;
    const reply = arena.take(prefix, isHead ? bodyStart : bodyStart + body.length);
    putLength(reply, prefix.length, digits);
    if (!isHead) reply.set(body, bodyStart);
    return reply;
  }

  /** Writes a short ASCII body; undefined if it is not ASCII. */
  #encodeShort(body: string, prefix: Uint8Array, arena: ByteArena): Uint8Array | undefined {
    const length = body.length;
    const digits = length < 10 ? 1 : 2;
    const bodyStart = prefix.length + digits + 4;
    const reply = arena.take(prefix, bodyStart + length);
    let at = prefix.length;
    if (digits === 2) reply[at++] = 0x30 + Math.floor(length / 10);
    reply[at++] = 0x30 + length % 10;
    reply[at++] = 0x0d;
    reply[at++] = 0x0a;
    reply[at++] = 0x0d;
    reply[at++] = 0x0a;
    for (let index = 0; index < length; index++) {
      const code = body.charCodeAt(index);
      if (code > 0x7f) return undefined;
      reply[at++] = code;
    }
    return reply;
  }

  /** Everything up to the digits of the length, or the whole head where there is no body. */
  #prefix({ date, persistence, lines = "" }: ReplyCircumstances): Uint8Array {
    const cached = this.#prefixes[persistence];
    if (cached.date === date && cached.lines === lines) return cached.bytes;
    let text = `${this.#lines}${lines}Date: ${date}\r\n`;
    text += connectionLine(persistence, this.#lines);
    text += this.#hasBody ? "Content-Length: " : "\r\n";
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
    this.#prefixes[persistence] = { date, lines, bytes };
    return bytes;
  }
}

interface Prefix {
  readonly date: string;
  readonly lines: string;
  readonly bytes: Uint8Array;
}

function putLength(reply: Uint8Array, at: number, digits: string): void {
  for (let index = 0; index < digits.length; index++) reply[at++] = digits.charCodeAt(index);
  reply[at++] = 0x0d;
  reply[at++] = 0x0a;
  reply[at++] = 0x0d;
  reply[at] = 0x0a;
}
