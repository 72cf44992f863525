/**
 * One broadcast port and its clients.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { hostAndPort } from "../../net/address.ts";
import type { Connection } from "../../net/tcp/connection.ts";
import type { ConnectionLimits } from "../../net/tcp/connection_limits.ts";
import type { CountedPort } from "../../net/tcp/connection_samples.ts";
import { addressesOfPort } from "../../net/tcp/listening.ts";
import { TcpServer } from "../../net/tcp/server.ts";
import type { TcpServerLimits } from "../../net/tcp/limits.ts";
import type { MessageOptions } from "../../net/tcp/write_queue.ts";
import { type BroadcastAddress, PACKET_GAP_MS, type PacketDialect } from "./options.ts";
import { Timer } from "../../net/timer.ts";

/** Options of {@linkcode BroadcastPort.listen}. */
export interface BroadcastPortOptions {
  address: BroadcastAddress;
  /** What a new client gets at once, if anything. */
  welcome: () => Uint8Array | undefined;
  /** Limits of connections; stalled readers are disconnected after `writeStallMs`. */
  limits?: Partial<TcpServerLimits & ConnectionLimits> | undefined;
  clock?: Clock | undefined;
  onError?: ((error: unknown) => void) | undefined;
}

/** Bytes that may wait for one slow reader besides those in the system's buffers. */
export const QUEUE_BYTES_MAX = 65_536;

/** Drain nothing at the end: a packet is worthless if no newer ones follow. */
const DRAIN_MS = 0;

/**
 * Sends packets to all connected clients. A healthy client is never disconnected, however long
 * there is nothing to send and whatever it sends, unless it floods: old clients would never
 * reconnect. For a client that reads slowly, newer packets replace older ones; a client that reads
 * nothing for too long is disconnected.
 */
export class BroadcastPort implements AsyncDisposable {
  readonly dialect: PacketDialect;
  readonly #server: TcpServer;
  readonly #welcome: () => Uint8Array | undefined;
  readonly #clients = new Set<Connection>();
  /** Clients that got a packet so recently that the next one has to wait. */
  readonly #paced = new Map<Connection, { timer: Timer; missed: number }>();
  #packets = 0;
  #dropped = 0;

  private constructor(options: BroadcastPortOptions) {
    const { address: { dialect = "seed", ...address }, limits, clock, onError } = options;
    this.dialect = dialect;
    this.#welcome = options.welcome;
    this.#server = TcpServer.listen({
      addresses: addressesOfPort(address),
      serve: (connection) => this.#serve(connection),
      limits: { ...limits, drainMs: DRAIN_MS },
      connectionLimits: {
        queueBytes: QUEUE_BYTES_MAX,
        ...limits,
        // A packet of the seed dialect contains everything; those of the other dialect are
        // increments.
        policy: dialect === "seed" ? "conflate" : "drop-oldest",
        // The old clients cannot read joined packets.
        ...(dialect === "seed" ? { joinBytes: 0 } : {}),
      },
      clock,
      onError,
    });
  }

  /**
   * Starts to accept clients.
   *
   * @throws {ListenError} if the address cannot be listened on.
   */
  static listen(options: BroadcastPortOptions): BroadcastPort {
    return new BroadcastPort(options);
  }

  /** Where it can be reached, as URLs such as `tcp://127.0.0.1:54320`. */
  get urls(): string[] {
    return this.#server.addresses.map((address) => `tcp://${hostAndPort(address)}`);
  }

  /** The port's connection counters. */
  get port(): CountedPort {
    return this.#server;
  }

  /** Number of clients. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Packets handed to clients so far, and packets that newer ones replaced. */
  get counters(): { readonly packets: number; readonly dropped: number } {
    let dropped = this.#dropped;
    for (const client of this.#clients) dropped += client.dropped;
    return { packets: this.#packets, dropped };
  }

  /** Sends a packet to every client. Never waits. */
  send(packet: Uint8Array, options?: MessageOptions): void {
    for (const client of this.#clients) {
      const paced = this.#paced.size === 0 ? undefined : this.#paced.get(client);
      if (paced !== undefined) paced.missed++;
      else if (client.send(packet, options) !== "closed") this.#packets++;
    }
  }

  /** Resolves when the system has taken everything sent to the clients that are connected now. */
  async drained(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.drained()));
  }

  /** Ends all connections. Idempotent. */
  async close(): Promise<void> {
    for (const { timer } of this.#paced.values()) timer.stop();
    this.#paced.clear();
    for (const client of this.#clients) client.close("stopped");
    await this.#server.close();
  }

  /** Ends all connections; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(connection: Connection): Promise<void> {
    // Clients count as busy: never shed for others, and without a deadline.
    connection.enter("busy", Infinity);
    this.#clients.add(connection);
    try {
      this.#greet(connection);
      await connection.ignore();
      if (connection.closeReason !== undefined) return;
      // The client has closed its sending side, which says nothing about reading: `nc </dev/null`
      // does so. If it has left altogether, a write will fail; until then it may be shed for
      // others.
      connection.enter("idle", Infinity);
      await connection.ended();
    } finally {
      this.#clients.delete(connection);
      this.#dropped += connection.dropped;
      this.#unpace(connection);
    }
  }

  #greet(connection: Connection): void {
    const packet = this.#welcome();
    if (packet === undefined) return;
    connection.send(packet);
    this.#packets++;
    if (this.dialect === "seed") this.#pace(connection);
  }

  /** Holds packets back for the gap, then sends the latest if the client missed any. */
  #pace(connection: Connection): void {
    const timer = Timer.after(PACKET_GAP_MS, () => {
      const missed = this.#paced.get(connection)?.missed ?? 0;
      this.#paced.delete(connection);
      if (missed === 0) return;
      this.#dropped += missed - 1;
      this.#greet(connection);
    });
    this.#paced.set(connection, { timer, missed: 0 });
  }

  #unpace(connection: Connection): void {
    this.#paced.get(connection)?.timer.stop();
    this.#paced.delete(connection);
  }
}
