/**
 * One request to the query port of a HEV server.
 *
 * @module
 */

import { hostAndPort } from "../../net/address.ts";
import { Patience } from "../../net/timer.ts";
import { unreachableReason } from "../nobody_there.ts";

/** Where and how to ask. */
export interface HevQueryOptions {
  readonly hostname: string;
  readonly port: number;
  /** Whether request and reply end with a NUL. */
  readonly dialect: "seed" | "nul";
  /** How long the whole exchange may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Gives up early. */
  readonly signal?: AbortSignal | undefined;
}

/** What the server replies. */
export interface HevAnswer {
  /** Whether it was an acknowledgement. */
  readonly isTaken: boolean;
  /** Why not, if the server says so. */
  readonly reason: string | undefined;
}

/** A reply has some twenty bytes, and perhaps a reason. */
const REPLY_BYTES_MAX = 4_096;

/**
 * Asks.
 *
 * @param request With `reason: true`, a Pulsebox tells why it does not take it.
 * @throws {Error} if there was no reply; the message is one plain sentence.
 * @throws the signal's reason if it gave up.
 */
export async function askHev(request: unknown, options: HevQueryOptions): Promise<HevAnswer> {
  const { hostname, port, dialect, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const json = JSON.stringify(request);
  using patience = new Patience(timeoutMs, signal);
  const ending = patience.signal;
  let conn: Deno.TcpConn | undefined;
  const end = () => conn?.close();
  try {
    conn = await Deno.connect({ hostname, port, signal: ending });
    ending.addEventListener("abort", end, { once: true });
    conn.setNoDelay(true);
    await writeAll(conn, new TextEncoder().encode(dialect === "nul" ? `${json}\0` : json));
    return readAnswer(await readReply(conn));
  } catch (error) {
    signal?.throwIfAborted();
    const place = hostAndPort({ hostname, port });
    const detail = patience.isOver
      ? `no reply within ${timeoutMs} ms`
      : unreachableReason(error, hostname, "--hev-host");
    throw new Error(`Cannot ask HEV server at ${place}: ${detail}`, { cause: error });
  } finally {
    ending.removeEventListener("abort", end);
    try {
      conn?.close();
    } catch {
      // It was closed to end the waiting.
    }
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
}

/** Reads to the end, or to the NUL for a server that does not close. */
async function readReply(conn: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(REPLY_BYTES_MAX);
  let length = 0;
  while (length < bytes.length) {
    const count = await conn.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
    if (bytes[length - 1] === 0) break;
  }
  return new TextDecoder().decode(bytes.subarray(0, length)).replace(/\0.*$/s, "");
}

function readAnswer(reply: string): HevAnswer {
  let value: unknown;
  try {
    value = JSON.parse(reply);
  } catch {
    throw new Error(`the reply is ${JSON.stringify(reply.slice(0, 40))}, must be JSON`);
  }
  if (typeof value !== "object" || value === null) return { isTaken: false, reason: undefined };
  const isTaken = "type" in value && value.type === "ack";
  const reason = "reason" in value && typeof value.reason === "string" ? value.reason : undefined;
  return { isTaken, reason };
}
