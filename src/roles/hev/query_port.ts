/**
 * The query port: one request and one reply per connection.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { hostAndPort } from "../../net/address.ts";
import type { Connection } from "../../net/tcp/connection.ts";
import type { ConnectionLimits } from "../../net/tcp/connection_limits.ts";
import type { CountedPort } from "../../net/tcp/connection_samples.ts";
import { addressesOfPort, type PortAddress } from "../../net/tcp/listening.ts";
import { TcpServer } from "../../net/tcp/server.ts";
import type { TcpServerLimits } from "../../net/tcp/limits.ts";
import type { Query } from "../../wire/hev/query.ts";
import {
  type Answer,
  encodeReply,
  QueryReader,
  type ReadQuery,
  type Reply,
} from "../../wire/hev/query_reader.ts";
import { REQUEST_MS_DEFAULT } from "./options.ts";
import { Timer } from "../../net/timer.ts";

/** Options of {@linkcode QueryPort.listen}. */
export interface QueryPortOptions {
  address: PortAddress;
  /** Executes a request. */
  answer: (query: Query) => Answer;
  /** How long a client may be silent, in milliseconds; 10 s. */
  firstByteMs?: number | undefined;
  /** How long a request may take to arrive once it has begun, in milliseconds; 5 s. */
  requestMs?: number | undefined;
  limits?: Partial<TcpServerLimits & ConnectionLimits> | undefined;
  clock?: Clock | undefined;
  onError?: ((error: unknown) => void) | undefined;
}

/** Requests have a few hundred bytes; a longer request is read in pieces. */
const READ_BYTES = 1_024;
const FIRST_BYTE_MS_DEFAULT = 10_000;
/** How long a whole request waits for the NUL that seems to be missing, in milliseconds. */
const NUL_PATIENCE_MS = 250;
const DRAIN_MS = 500;

/** Answers requests. Whatever a client sends, it is answered or disconnected. */
export class QueryPort implements AsyncDisposable {
  readonly #server: TcpServer;
  readonly #options: QueryPortOptions;
  readonly #answered: Record<Reply, number> = { ack: 0, nack: 0 };

  private constructor(options: QueryPortOptions) {
    this.#options = options;
    const { address, limits, clock, onError } = options;
    this.#server = TcpServer.listen({
      addresses: addressesOfPort(address),
      serve: (connection) => this.#serve(connection),
      limits: { ...limits, drainMs: DRAIN_MS },
      connectionLimits: limits,
      clock,
      onError,
    });
  }

  /**
   * Starts to answer.
   *
   * @throws {ListenError} if the address cannot be listened on.
   */
  static listen(options: QueryPortOptions): QueryPort {
    return new QueryPort(options);
  }

  /** Where it can be reached, as URLs such as `tcp://127.0.0.1:54321`. */
  get urls(): string[] {
    return this.#server.addresses.map((address) => `tcp://${hostAndPort(address)}`);
  }

  /** The port's connection counters. */
  get port(): CountedPort {
    return this.#server;
  }

  /** Requests answered so far, by reply. */
  get answered(): Readonly<Record<Reply, number>> {
    return this.#answered;
  }

  /** Ends all connections. Idempotent. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Ends all connections; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(connection: Connection): Promise<void> {
    const { firstByteMs = FIRST_BYTE_MS_DEFAULT, requestMs = REQUEST_MS_DEFAULT } = this.#options;
    connection.enter("silent", firstByteMs);
    const buffer = new Uint8Array(READ_BYTES);
    // Allocated with the first byte, so that a silent client costs little.
    let reader: QueryReader | undefined;
    let patience: Timer | undefined;
    try {
      for (;;) {
        const count = await connection.read(buffer);
        if (connection.closeReason !== undefined) return;
        if (reader === undefined) connection.enter("opening", requestMs);
        reader ??= new QueryReader();
        const read = count === null ? reader.finish() : reader.push(buffer.subarray(0, count));
        if (read !== undefined) {
          connection.send(this.#replyTo(read));
          await connection.linger("finished");
          return;
        }
        if (count === null) return;
        if (reader.waitsForNul) patience ??= this.#beImpatient(connection, reader);
      }
    } finally {
      patience?.stop();
      connection.close("finished");
    }
  }

  /** Takes a request without its NUL if the NUL does not arrive soon. */
  #beImpatient(connection: Connection, reader: QueryReader): Timer {
    return Timer.after(NUL_PATIENCE_MS, () => {
      const read = reader.finish();
      if (read === undefined) return;
      connection.send(this.#replyTo(read));
      connection.end();
    });
  }

  #replyTo(read: ReadQuery): Uint8Array {
    const answer = this.#options.answer(read.query);
    this.#answered[answer.reply]++;
    return encodeReply(answer, read);
  }
}
