/**
 * Requests over some connections, one at a time on each: as fast as the replies come, and at a stated
 * rate.
 *
 * @module
 */

import { writeAll } from "./bytes.ts";
import type { Throughput } from "./contest.ts";
import { pause } from "./fan_out.ts";
import { LatencyHistogram } from "./latency_histogram.ts";

/** How to ask a server. */
export interface Asking {
  /** Logs a new connection in. */
  open(connection: Deno.TcpConn): Promise<void>;
  /** The next request. */
  request(): Uint8Array;
  /** Length of every reply; if not given, the first one tells it. */
  readonly replyBytes?: number;
}

/** Where and with how many connections. */
export interface RequestLoad {
  readonly port: number;
  readonly connections: number;
  readonly asking: Asking;
}

const HOSTNAME = "127.0.0.1";
const READ_BYTES = 4_096;

/** Connections that are logged in. */
export class Askers implements Disposable {
  readonly #connections: Deno.TcpConn[] = [];
  readonly #asking: Asking;
  #replyBytes: number;

  private constructor(asking: Asking) {
    this.#asking = asking;
    this.#replyBytes = asking.replyBytes ?? 0;
  }

  static async connect({ port, connections, asking }: RequestLoad): Promise<Askers> {
    const askers = new Askers(asking);
    for (let index = 0; index < connections; index++) {
      const connection = await Deno.connect({ hostname: HOSTNAME, port });
      connection.setNoDelay(true);
      askers.#connections.push(connection);
      await asking.open(connection);
    }
    return askers;
  }

  /** Asks for a time, as fast as replies come; returns how many came. */
  async closedLoop(seconds: number): Promise<Throughput> {
    let count = 0;
    const started = performance.now();
    const end = started + seconds * 1_000;
    await Promise.all(this.#connections.map(async (connection) => {
      const buffer = new Uint8Array(READ_BYTES);
      while (performance.now() < end) {
        await this.#ask(connection, buffer);
        count++;
      }
    }));
    return { count, seconds: (performance.now() - started) / 1_000 };
  }

  /**
   * Asks at a rate. A request that is due while its connection still waits is sent late and counted
   * from when it was due.
   */
  async openLoop(
    { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  ): Promise<LatencyHistogram> {
    const histogram = new LatencyHistogram();
    const everyMs = 1_000 * this.#connections.length / perSecond;
    const started = performance.now() + 10;
    await Promise.all(this.#connections.map(async (connection, index) => {
      const buffer = new Uint8Array(READ_BYTES);
      // Spread evenly over the time between two of one connection.
      let dueAt = started + everyMs * index / this.#connections.length;
      for (; dueAt < started + seconds * 1_000; dueAt += everyMs) {
        const waitMs = dueAt - performance.now();
        if (waitMs > 0) await pause(waitMs);
        await this.#ask(connection, buffer);
        histogram.add(performance.now() - dueAt);
      }
    }));
    return histogram;
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close();
  }

  async #ask(connection: Deno.TcpConn, buffer: Uint8Array): Promise<void> {
    await writeAll(connection, this.#asking.request());
    let bytes = 0;
    do {
      const count = await connection.read(buffer.subarray(bytes));
      if (count === null) throw new Error("Cannot go on: the server ended a connection");
      bytes += count;
      if (this.#replyBytes === 0) this.#replyBytes = bytes;
    } while (bytes < this.#replyBytes);
    if (bytes !== this.#replyBytes) {
      throw new Error(`Cannot go on: a reply has ${bytes} bytes, expected ${this.#replyBytes}`);
    }
  }
}
