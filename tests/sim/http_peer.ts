/**
 * HTTP as a stranger speaks it: a few lines over a raw connection, none of them the product's.
 *
 * @module
 */

import type { Ordeal } from "./ordeal.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { VirtualNetwork } from "./virtual_network.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The reply to one request. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Bytes of a read. */
const READ_BYTES = 16_384;

/** Sends one request over a connection of its own; `undefined` if there was no whole reply. */
export async function request(
  network: VirtualNetwork,
  port: number,
  target: string,
  options: { from?: string; method?: string; body?: string; fields?: readonly string[] } = {},
): Promise<Reply | undefined> {
  const { from = "127.0.0.1", method = "GET", body, fields = [] } = options;
  let conn: VirtualConn | undefined;
  try {
    conn = network.connect({ hostname: "127.0.0.1", port }, from);
    const bytes = new TextEncoder().encode(body ?? "");
    const head =
      `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n` +
      fields.map((field) => `${field}\r\n`).join("") +
      (body === undefined
        ? "\r\n"
        : `Content-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    await sendAll(conn, new TextEncoder().encode(head));
    if (bytes.length > 0) await sendAll(conn, bytes);
    return parse(await readAll(conn));
  } catch {
    return undefined;
  } finally {
    conn?.[Symbol.dispose]();
  }
}

/** Sends some text over a connection of its own; `undefined` if nothing came back. */
export async function say(
  network: VirtualNetwork,
  port: number,
  text: string,
): Promise<Reply | undefined> {
  let conn: VirtualConn | undefined;
  try {
    conn = network.connect({ hostname: "127.0.0.1", port });
    await sendAll(conn, new TextEncoder().encode(text));
    const body = await readAll(conn);
    return body === "" ? undefined : { status: 200, body };
  } catch {
    return undefined;
  } finally {
    conn?.[Symbol.dispose]();
  }
}

/** How long an honest peer waits for an answer, in milliseconds, and in which steps. */
export const ANSWER_MS_MAX = 600;
const WAIT_STEP_MS = 50;

/** Where somebody insists on an answer. */
export interface Patience {
  readonly time: VirtualTime;
  readonly ordeal: Ordeal;
  /** Told of each time that passed while an answer was waited for, in milliseconds. */
  onWait: (ms: number) => void;
}

/**
 * Asks for something that must be answered, whatever others do; once more if the system has failed.
 *
 * @throws {Error} if there is no answer in time.
 */
export async function insist(
  { time, ordeal, onWait }: Patience,
  what: string,
  ask: () => Promise<Reply | undefined>,
): Promise<Reply> {
  for (let attempt = 1;; attempt++) {
    const hadFailed = ordeal.fired !== undefined;
    let reply: Reply | undefined;
    let isOver = false;
    ask().then((value) => {
      reply = value;
      isOver = true;
    });
    await time.settle();
    for (let waited = 0; !isOver && waited < ANSWER_MS_MAX; waited += WAIT_STEP_MS) {
      await time.pass(WAIT_STEP_MS);
      onWait(WAIT_STEP_MS);
    }
    if (reply !== undefined) return reply;
    const mayRetry = attempt === 1 && !hadFailed && ordeal.fired !== undefined;
    if (!mayRetry) throw new Error(`No answer to ${what}`);
  }
}

/** Writes all bytes. */
export async function sendAll(conn: VirtualConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
}

async function readAll(conn: VirtualConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(READ_BYTES);
  let text = "";
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}

function parse(text: string): Reply | undefined {
  const end = text.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const head = text.slice(0, end).toLowerCase();
  const rest = text.slice(end + 4);
  return {
    status: Number(status),
    body: head.includes("transfer-encoding: chunked") ? unchunked(rest) : rest,
  };
}

function unchunked(text: string): string {
  let body = "";
  // Sizes count bytes, and the API's texts are ASCII here.
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf("\r\n", at);
    const size = parseInt(text.slice(at, lineEnd), 16);
    if (!(size > 0)) break;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
  return body;
}
