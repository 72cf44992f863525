/**
 * Writes replies as bytes.
 *
 * @module
 */

import { CLASSES, TOKEN, VALUE } from "./characters.ts";
import { mayHaveBody, reasonPhrase } from "./status.ts";

/**
 * What a reply says about its connection (RFC 9112 section 9.3): nothing, where HTTP/1.1 implies
 * that it stays open; that it stays open, to an HTTP/1.0 client that asked; that it ends.
 */
export type Persistence = "implied" | "keep-alive" | "close";

/**
 * What to say about the connection to a client of HTTP/1.1 (`minor` 1) or HTTP/1.0 (0).
 *
 * @param fate Whether another request may follow.
 */
export function persistenceFor(minor: number, fate: "keep" | "end"): Persistence {
  if (fate === "end") return "close";
  return minor === 0 ? "keep-alive" : "implied";
}

/** How a body is framed: by its length in bytes, in chunks, by the end of the connection, or no body. */
export type BodyFraming = number | "chunked" | "connection" | "none";

/** What {@linkcode encodeHead} writes. */
export interface ReplyHead {
  /** Status code, 100 to 599. */
  readonly status: number;
  /** Header fields in order; those about framing, connection and date are the writer's own. */
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** How the body is framed; of no effect where the status allows no body. */
  readonly framing: BodyFraming;
  /** What becomes of the connection. */
  readonly persistence: Persistence;
  /** The moment as `Date` wants it; empty to leave it out. */
  readonly date: string;
  /** Fields that the server puts on every reply, as {@linkcode fieldLines} writes them; none if not given. */
  readonly lines?: string;
}

/** The fields that only the writer sets. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
]);

const UTF8 = new TextEncoder();

/** What a server says to a peer that waits before it sends a body (RFC 9110 section 15.2.1). */
export const CONTINUE: Uint8Array = UTF8.encode("HTTP/1.1 100 Continue\r\n\r\n");

/** The end of a body in chunks. */
export const LAST_CHUNK: Uint8Array = UTF8.encode("0\r\n\r\n");

/**
 * Writes the head of a reply, the empty line included.
 *
 * @throws {TypeError} if a field has a name or value that HTTP does not allow.
 */
export function encodeHead(head: ReplyHead): Uint8Array {
  let text = statusLine(head.status) + fieldLines(head.headers) + (head.lines ?? "");
  if (head.date !== "") text += `Date: ${head.date}\r\n`;
  text += connectionLine(head.persistence, text);
  if (mayHaveBody(head.status)) {
    if (typeof head.framing === "number") text += `Content-Length: ${head.framing}\r\n`;
    else if (head.framing === "chunked") text += "Transfer-Encoding: chunked\r\n";
  }
  return bytesOf(`${text}\r\n`);
}

/**
 * Writes one chunk of a body.
 *
 * @param payload At least one byte: an empty chunk would end the body.
 */
export function encodeChunk(payload: Uint8Array): Uint8Array {
  const size = payload.length.toString(16);
  const chunk = new Uint8Array(size.length + payload.length + 4);
  UTF8.encodeInto(`${size}\r\n`, chunk);
  chunk.set(payload, size.length + 2);
  chunk[chunk.length - 2] = 0x0d;
  chunk[chunk.length - 1] = 0x0a;
  return chunk;
}

/**
 * The line `Connection` of a reply, empty if it has none. It lists `Upgrade` where that is a field, which
 * no proxy must pass on (RFC 9110 section 7.8).
 *
 * @param lines The fields of the reply.
 */
export function connectionLine(persistence: Persistence, lines: string): string {
  const words = [
    ...(persistence === "implied" ? [] : [persistence]),
    ...(/^upgrade:/im.test(lines) ? ["Upgrade"] : []),
  ];
  return words.length === 0 ? "" : `Connection: ${words.join(", ")}\r\n`;
}

/** `HTTP/1.1 200 OK` and the line end; the version is the server's, whatever the client's is. */
export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`;
}

/**
 * Writes fields as lines.
 *
 * @param headers Names and values; fields that the writer sets itself are left out.
 * @throws {TypeError} if a name is not a token, or a value holds line ends, control characters or
 * characters above U+00FF.
 */
export function fieldLines(headers: Iterable<readonly [name: string, value: string]>): string {
  let lines = "";
  for (const [name, value] of headers) {
    checkField(name, value);
    if (!RESERVED.has(name.toLowerCase())) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function checkField(name: string, value: string): void {
  if (name === "" || !consistsOf(name, TOKEN)) {
    throw new TypeError(`Cannot write field: name is ${JSON.stringify(name)}, must be a token`);
  }
  if (!consistsOf(value, VALUE)) {
    throw new TypeError(
      `Cannot write field "${name}": value is ${JSON.stringify(value)}, must be plain text`,
    );
  }
}

function consistsOf(text: string, characterClass: number): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff || ((CLASSES[code] as number) & characterClass) === 0) return false;
  }
  return true;
}

/** Field values are one byte per character (ISO 8859-1), as `Headers` has them too. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
