/**
 * A client that asks at a steady pace and measures how long it waits.
 *
 * @module
 */

import type { Victim } from "./hostile_peers.ts";

/** Waiting times in milliseconds. */
export interface Waits {
  /** Requests answered. */
  readonly answered: number;
  /** Requests that got no answer. */
  readonly failed: number;
  /** Half of the answers came within this time. */
  readonly p50Ms: number;
  /** 99 of 100 answers came within this time. */
  readonly p99Ms: number;
}

/**
 * Time between two requests in milliseconds, so that the client itself is no load, and so that a few
 * milliseconds of its own are a few of its requests.
 */
const PACE_MS = 2;

/**
 * Asks `GET /status` as a heartbeat client does, each time on a new connection.
 *
 * @param count How many requests are made, one after the other.
 */
export async function measureWaits(victim: Victim, count: number): Promise<Waits> {
  const waits: number[] = [];
  let failed = 0;
  const request = new TextEncoder().encode(
    "GET /status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  );
  const buffer = new Uint8Array(4_096);
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    try {
      using conn = await connect(victim);
      await conn.write(request);
      const bytes = await conn.read(buffer);
      if (bytes === null) failed++;
      else waits.push(performance.now() - started);
    } catch {
      failed++;
    }
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor(waits.length * share)] ?? Infinity;
  return { answered: waits.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function connect({ hostname, port, caCerts }: Victim): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname, port });
  if (caCerts === undefined) return conn;
  // The request would wait for the acknowledgement of the handshake: 40 ms.
  conn.setNoDelay(true);
  return await Deno.startTls(conn, { hostname, caCerts });
}
