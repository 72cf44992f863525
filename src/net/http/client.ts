/**
 * One HTTP request on a connection of its own.
 *
 * It exists beside `fetch` because it sends the target byte for byte as given (a URL object alters
 * some characters), uses no proxy from the environment, and has one timeout for the whole exchange.
 *
 * @module
 */

import { concatenate } from "../../wire/bytes/concatenate.ts";
import { ResponseReader } from "../../wire/http1/response.ts";
import { hostAndPort, hostField } from "../../wire/url/place.ts";
import { speaksTls } from "../../wire/tls/plain_http.ts";
import { dialServer } from "../tcp/tls_dial.ts";
import { ExchangeError, type ExchangeFailure } from "./exchange_error.ts";
import { TimeLimit } from "./time_limit.ts";

export { ExchangeError, type ExchangeFailure };

/** A request, and the server to send it to. */
export interface ExchangeRequest {
  hostname: string;
  port: number;
  method: "GET" | "POST" | "DELETE";
  /** Path and query in printable ASCII, sent as they are. */
  target: string;
  /** Body of a POST. */
  body?: { type: string; text: string };
  /** Further header fields; names and values in printable ASCII. */
  headers?: Readonly<Record<string, string>>;
  /** Speaks HTTPS, and trusts these certificates (PEM) besides the system's. */
  tls?: { readonly caCerts: readonly string[] } | undefined;
  /** Timeout of the whole exchange in milliseconds. */
  timeoutMs: number;
  /** Ends the exchange early. */
  signal?: AbortSignal;
}

/** A reply; its status may be an error. */
export interface ExchangeReply {
  status: number;
  /** The body as UTF-8 text. */
  body: string;
}

/** The largest reply that is accepted, in bytes: lists of ten thousand long names fit. */
const RESPONSE_LIMITS = { headBytesMax: 16_384, bodyBytesMax: 8_388_608 };
const READ_BYTES = 4_096;
const PRINTABLE = /^[!-~]+$/;

/**
 * Sends a request and reads the reply.
 *
 * @throws {ExchangeError} if there is no reply.
 * @throws {TypeError} if the target is not printable ASCII.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeReply> {
  if (!PRINTABLE.test(request.target)) {
    throw new TypeError(`Cannot send request: target "${request.target}" is not printable ASCII`);
  }
  using limit = new TimeLimit(request);
  return await limit.run(converse(request, limit));
}

/** The head of a reply, and the pieces of its body as they arrive. */
export interface StreamReply {
  status: number;
  /** Ends with the connection, or when the request's signal is aborted. */
  pieces: AsyncGenerator<Uint8Array, void>;
}

/**
 * Sends a request whose reply is an endless stream. The timeout applies to the head of the reply.
 *
 * @throws {ExchangeError} if there is no reply.
 */
export async function openStream(request: ExchangeRequest): Promise<StreamReply> {
  const reader = new ResponseReader(RESPONSE_LIMITS);
  const buffer = new Uint8Array(READ_BYTES);
  using limit = new TimeLimit(request);
  const conn = await limit.run((async () => {
    const conn = await ask(request, limit);
    while (reader.status === undefined) {
      const count = await conn.read(buffer);
      if (count !== null && !reader.push(buffer.subarray(0, count))) continue;
      refuseOtherScheme(request, reader);
      if (reader.status !== undefined) break;
      const message = reader.fault ?? "Cannot read reply: connection ended before it began";
      throw new ExchangeError(reader.fault === undefined ? "dropped" : "protocol", message);
    }
    refuseOtherScheme(request, reader);
    limit.releaseConnection();
    return conn;
  })());
  return { status: reader.status ?? 0, pieces: piecesOf(conn, reader, request.signal) };
}

async function* piecesOf(
  conn: Deno.Conn,
  reader: ResponseReader,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  using open = new OpenConnection(conn, signal);
  const buffer = new Uint8Array(READ_BYTES);
  try {
    while (!open.isClosed) {
      const piece = reader.takeBody();
      if (piece.length > 0) yield piece;
      const count = await conn.read(buffer);
      if (count === null) return;
      if (reader.push(buffer.subarray(0, count)) && reader.fault !== undefined) return;
    }
  } catch {
    // However the connection ends, it ends the stream.
  }
}

/** A connection that is closed once, when its reader leaves or a signal is aborted. */
class OpenConnection implements Disposable {
  isClosed = false;
  readonly #conn: Deno.Conn;
  readonly #signal: AbortSignal | undefined;

  constructor(conn: Deno.Conn, signal: AbortSignal | undefined) {
    this.#conn = conn;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#close);
    if (signal?.aborted) this.#close();
  }

  readonly #close = (): void => {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#conn.close();
  };

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#close);
    this.#close();
  }
}

async function converse(request: ExchangeRequest, limit: TimeLimit): Promise<ExchangeReply> {
  return await readReply(request, await ask(request, limit));
}

/** Connects and sends the request. */
async function ask(request: ExchangeRequest, limit: TimeLimit): Promise<Deno.Conn> {
  const { hostname, port, tls } = request;
  const conn = await dialServer({ hostname, port, tls, signal: limit.signal });
  limit.holdConnection(conn);
  await sendAll(conn, encodeRequest(request));
  return conn;
}

function encodeRequest(request: ExchangeRequest): Uint8Array {
  const { method, target } = request;
  const payload = new TextEncoder().encode(request.body?.text ?? "");
  const lines = [
    `${method} ${target} HTTP/1.0`,
    `Host: ${hostField(request)}`,
    "User-Agent: pulsebox",
    "Connection: close",
  ];
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    lines.push(`${name}: ${value}`);
  }
  if (request.body !== undefined) lines.push(`Content-Type: ${request.body.type}`);
  if (method === "POST") lines.push(`Content-Length: ${payload.length}`);
  const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  return concatenate([head, payload]);
}

async function sendAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < bytes.length) sent += await conn.write(bytes.subarray(sent));
}

async function readReply(request: ExchangeRequest, conn: Deno.Conn): Promise<ExchangeReply> {
  const reader = new ResponseReader(RESPONSE_LIMITS);
  const buffer = new Uint8Array(READ_BYTES);
  while (true) {
    const count = await conn.read(buffer);
    if (count === null || reader.push(buffer.subarray(0, count))) break;
  }
  refuseOtherScheme(request, reader);
  if (reader.fault !== undefined) throw new ExchangeError("protocol", reader.fault);
  const response = reader.end();
  if (response === undefined) {
    throw new ExchangeError(
      "dropped",
      `Cannot read reply: connection ended after ${reader.length} bytes`,
    );
  }
  return { status: response.status, body: new TextDecoder().decode(response.body) };
}

/**
 * Explains the failure if the port speaks TLS and the request did not.
 *
 * @throws {ExchangeError} in that case.
 */
function refuseOtherScheme(request: ExchangeRequest, reader: ResponseReader): void {
  if (request.tls !== undefined) return;
  const place = hostAndPort(request);
  const isRefused = reader.status === 400 || reader.fault !== undefined;
  if (isRefused && speaksTls(reader.bytes)) {
    throw new ExchangeError(
      "protocol",
      `Cannot reach ${place}: the server speaks HTTPS on this port; write https://`,
    );
  }
  if (reader.length > 0) return;
  throw new ExchangeError(
    "dropped",
    `Cannot reach ${place}: the server ended the connection without a reply; if it speaks HTTPS on ` +
      "this port, write https://",
  );
}
