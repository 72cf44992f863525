/**
 * Subscribers that read as fast as they are sent to, and count.
 *
 * @module
 */

import type { Dialect } from "./dialect.ts";

const HOSTNAME = "127.0.0.1";
/** The memory of all buffers together, however many subscribers there are. */
const BUFFER_BYTES = 67_108_864;
const BUFFER_BYTES_MIN = 2_048;
const BUFFER_BYTES_MAX = 262_144;
/** Subscribers that log in at the same time, unless the dialect says otherwise. */
const AT_ONCE = 32;

/** Called with the publications that one read of one subscriber completed, the first one's index first. */
export type OnReceived = (first: number, count: number) => void;

/** Subscribers of one server. All messages are equally long, so their bytes tell their number. */
export class Crowd implements AsyncDisposable {
  readonly #dialect: Dialect;
  readonly #connections: Deno.TcpConn[] = [];
  readonly #bytes: number[] = [];
  readonly #reading: Promise<void>[] = [];
  #deliveredBytes = 0;
  #waiting: { readonly bytes: number; resolve(): void } | undefined;
  #onReceived: OnReceived | undefined;
  #fault: Error | undefined;

  private constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Connects subscribers and lets them read. */
  static async connect(port: number, clients: number, dialect: Dialect): Promise<Crowd> {
    const crowd = new Crowd(dialect);
    const length = Math.floor(BUFFER_BYTES / clients);
    const bufferBytes = Math.max(BUFFER_BYTES_MIN, Math.min(BUFFER_BYTES_MAX, length));
    let next = 0;
    await Promise.all(Array.from({ length: dialect.atOnce ?? AT_ONCE }, async () => {
      while (next++ < clients) {
        const connection = await Deno.connect({ hostname: HOSTNAME, port });
        connection.setNoDelay(true);
        await dialect.subscribe(connection);
        const index = crowd.#connections.push(connection) - 1;
        crowd.#bytes.push(0);
        crowd.#reading.push(crowd.#read(connection, index, bufferBytes));
      }
    }));
    return crowd;
  }

  get size(): number {
    return this.#connections.length;
  }

  /** Publications that have reached a subscriber, added up over all of them. */
  get delivered(): number {
    return this.#deliveredBytes / this.#dialect.received.length;
  }

  /**
   * Publications that have reached the subscriber that has the fewest.
   *
   * @throws {Error} if a connection has ended or brought something else.
   */
  get slowest(): number {
    if (this.#fault !== undefined) throw this.#fault;
    let least = Infinity;
    for (const bytes of this.#bytes) if (bytes < least) least = bytes;
    return Math.floor(least / this.#dialect.received.length);
  }

  /** Counts from nothing again. Nothing may be on its way. */
  reset(onReceived?: OnReceived): void {
    this.#bytes.fill(0);
    this.#deliveredBytes = 0;
    this.#onReceived = onReceived;
  }

  /** Waits until so many publications have been delivered in all. */
  async until(delivered: number, timeoutMs = 20_000): Promise<void> {
    const bytes = delivered * this.#dialect.received.length;
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#deliveredBytes >= bytes) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting = { bytes, resolve };
    const timer = setTimeout(() => {
      reject(new Error(`Cannot go on: ${this.delivered} of ${delivered} were delivered`));
    }, timeoutMs);
    await promise.finally(() => clearTimeout(timer));
    if (this.#fault !== undefined) throw this.#fault;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close();
    this.#fault ??= new Error("Cannot go on: the crowd has gone");
    await Promise.all(this.#reading);
  }

  async #read(connection: Deno.TcpConn, index: number, bufferBytes: number): Promise<void> {
    const { received, sameBytes = received.length } = this.#dialect;
    const buffer = new Uint8Array(bufferBytes);
    let isFirst = true;
    try {
      for (let count; (count = await connection.read(buffer)) !== null;) {
        const before = this.#bytes[index] ?? 0;
        if (isFirst && before === 0) {
          isFirst = false;
          // One look at each subscriber: is it sent what it is to get?
          const length = Math.min(count, sameBytes);
          if (!buffer.subarray(0, length).every((byte, at) => byte === received[at])) {
            throw new Error(`Cannot count: a ${this.#dialect.name} subscriber got something else`);
          }
        }
        this.#bytes[index] = before + count;
        this.#deliveredBytes += count;
        if (this.#onReceived !== undefined) {
          const first = Math.floor(before / received.length);
          const completed = Math.floor((before + count) / received.length) - first;
          if (completed > 0) this.#onReceived(first, completed);
        }
        this.#wake();
      }
      this.#fail(new Error("Cannot go on: the server ended a connection"));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #wake(): void {
    if (this.#waiting === undefined || this.#deliveredBytes < this.#waiting.bytes) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve();
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
