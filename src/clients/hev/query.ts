/**
 * One request to the query port of a HEV server.
 *
 * @module
 */

import { hostAndPort } from "../../net/address.ts";
import { Patience } from "../../net/timer.ts";
import { failureOf, HevError, type HevFailure } from "./error.ts";
import { unreachableReason } from "../nobody_there.ts";

/** The query port, and how to talk to it. */
export interface HevQueryOptions {
  readonly hostname: string;
  readonly port: number;
  /** Whether request and reply end with a NUL. */
  readonly dialect: "seed" | "nul";
  /** Timeout of the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Gives up when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The server's reply. */
export interface HevAnswer {
  /** Whether it was an acknowledgement. */
  readonly isTaken: boolean;
  /** Why the request was refused, if the server says so. */
  readonly reason: string | undefined;
}

/** The longest reply: replies have some twenty bytes, and perhaps a reason. */
const REPLY_BYTES_MAX = 4_096;

/**
 * Sends a request and reads the reply.
 *
 * @param request With `reason: true`, a Pulsebox explains a refusal.
 * @throws {HevError} if there was no reply; of kind `closed` if the signal was aborted.
 */
export async function askHev(request: unknown, options: HevQueryOptions): Promise<HevAnswer> {
  const { hostname, port, dialect, timeoutMs, signal } = options;
  const place = hostAndPort({ hostname, port });
  const fail = (kind: HevFailure, detail: string, cause?: unknown) =>
    new HevError(kind, `Cannot ask HEV server at ${place}: ${detail}`, { cause });
  if (signal?.aborted) throw fail("closed", "the client is closed");
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
    const reply = await readReply(conn);
    const answer = readAnswer(reply);
    if (answer !== undefined) return answer;
    throw fail("protocol", `the reply is ${JSON.stringify(reply.slice(0, 40))}, must be JSON`);
  } catch (error) {
    if (error instanceof HevError && !ending.aborted) throw error;
    if (signal?.aborted) throw fail("closed", "the client was closed", error);
    if (patience.isOver) throw fail("timeout", `no reply within ${timeoutMs} ms`, error);
    const kind = conn === undefined ? failureOf(error) : "dropped";
    throw fail(kind, unreachableReason(error, hostname, "--hev-host"), error);
  } finally {
    ending.removeEventListener("abort", end);
    try {
      conn?.close();
    } catch {
      // It was closed to end the wait.
    }
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
}

/** Reads to the end, or to the NUL if the server does not close. */
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

/** Reads a reply; `undefined` if it is not JSON. */
function readAnswer(reply: string): HevAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(reply);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return { isTaken: false, reason: undefined };
  const isTaken = "type" in value && value.type === "ack";
  const reason = "reason" in value && typeof value.reason === "string" ? value.reason : undefined;
  return { isTaken, reason };
}
