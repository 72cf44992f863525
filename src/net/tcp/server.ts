/**
 * A TCP server with limits on its connections.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { AcceptFailures } from "./accept_failures.ts";
import type { Peer } from "../address.ts";
import { TCP_SERVER_LIMITS, type TcpServerLimits } from "./limits.ts";
import { Connection } from "./connection.ts";
import {
  type CloseReason,
  CONNECTION_LIMITS,
  type ConnectionLimits,
  type Phase,
} from "./connection_limits.ts";
import { Crowd } from "./crowd.ts";
import { Deadlines } from "./deadlines.ts";
import { handshakeTooMany } from "./handshakes.ts";
import { ListenError } from "../listen_error.ts";
import { type ListenAddress, type Listening, listeningPlace, listenOnAll } from "./listening.ts";
import type { NetConn, NetListener } from "./net_conn.ts";
import type { TlsIdentity } from "./tls_identity.ts";
import { systemClock } from "../system_clock.ts";
import { settlesWithin } from "../sleep.ts";
import { inBackground } from "../background.ts";
import { Turns } from "./turns.ts";

/** Options of {@linkcode TcpServer.listen}. */
export interface TcpServerOptions {
  /** The addresses to listen on, at least one; port 0 picks one. */
  readonly addresses: readonly ListenAddress[];
  /** Serves one connection; when the promise settles, the connection must have ended. */
  readonly serve: (connection: Connection) => Promise<void>;
  /** Limits of the server; defaults are in {@linkcode TCP_SERVER_LIMITS}. */
  readonly limits?: Partial<TcpServerLimits> | undefined;
  /** Limits of each connection; defaults are in {@linkcode CONNECTION_LIMITS}. */
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
  /** Speaks TLS with this certificate; plain TCP if not given. */
  readonly tls?: TlsIdentity | undefined;
  /** The clock of the deadlines; the system's if not given. */
  readonly clock?: Clock | undefined;
  /** Called with errors of `serve` and of the system; they never end the server. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What a server has done so far. */
export interface TcpServerCounters {
  /** Connections accepted. */
  readonly accepted: number;
  /** Connections whose peer had left before they were accepted. */
  readonly abandoned: number;
  /** How often the system could not accept a connection for lack of descriptors or memory. */
  readonly acceptErrors: number;
  /** Ended connections by the reason of their end. */
  readonly closed: Readonly<Partial<Record<CloseReason, number>>>;
}

/** Descriptors reserved for the rest of the program, once the system's limit is known. */
const DESCRIPTORS_RESERVE = 32;
/**
 * How long the system's limit is remembered, in milliseconds: other users may free descriptors.
 */
const SHORTAGE_MEMORY_MS = 60_000;

/**
 * A TCP server that cannot be filled up: when there are too many connections, or the system is out
 * of descriptors, the least useful connection is closed to let a newcomer in.
 */
export class TcpServer implements AsyncDisposable {
  /** The deadlines of all connections, and a cheap clock. */
  readonly deadlines: Deadlines;
  /** Lets the peers take turns. */
  readonly turns: Turns = new Turns();
  readonly #options: TcpServerOptions;
  readonly #connectionLimits: ConnectionLimits;
  readonly #connectionsPerAddressMax: number;
  readonly #drainMs: number;
  readonly #listeners: (Listening & { readonly listener: NetListener })[] = [];
  readonly #loops: Promise<void>[] = [];
  readonly #sources: TcpServerLimits["sources"];
  readonly #crowd = new Crowd();
  readonly #failures: AcceptFailures;
  readonly #closed: Partial<Record<CloseReason, number>> = {};
  readonly #connectionsMax: number;
  /** How many connections the system has descriptors for, and how long that is assumed. */
  #systemMax = Infinity;
  #systemMaxEndsAt = 0;
  #accepted = 0;
  #stop: Promise<void> | undefined;
  #emptied: PromiseWithResolvers<void> | undefined;

  private constructor(options: TcpServerOptions) {
    const limits = { ...TCP_SERVER_LIMITS, ...options.limits };
    this.#options = options;
    this.#connectionLimits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
    this.#connectionsMax = limits.connectionsMax;
    this.#connectionsPerAddressMax = limits.connectionsPerAddressMax;
    this.#drainMs = limits.drainMs;
    this.#sources = limits.sources;
    this.#failures = new AcceptFailures({
      onShortage: () => this.#relieve(),
      onUnforeseen: (error) => options.onError?.(error),
    });
    this.deadlines = new Deadlines(options.clock ?? systemClock);
  }

  /**
   * Starts to accept connections.
   *
   * @throws {ListenError} if one of the addresses cannot be listened on; the server then uses none.
   */
  static listen(options: TcpServerOptions): TcpServer {
    const server = new TcpServer(options);
    try {
      server.#listeners.push(
        ...listenOnAll(options.addresses, (address) => listenOn(address, options.tls)),
      );
    } catch (error) {
      server.deadlines.close();
      throw error;
    }
    for (const { listener } of server.#listeners) server.#loops.push(server.#accept(listener));
    return server;
  }

  /** Where the server listens, with the ports that were picked. */
  get addresses(): Peer[] {
    return this.#listeners.map(({ address }) => address);
  }

  /** Open connections. */
  get connections(): number {
    return this.#crowd.size;
  }

  /** Open connections in a phase. */
  connectionsIn(phase: Phase): number {
    return this.#crowd.sizeOf(phase);
  }

  /** The counters so far. */
  get counters(): TcpServerCounters {
    return {
      accepted: this.#accepted,
      abandoned: this.#failures.abandoned,
      acceptErrors: this.#failures.failed,
      closed: { ...this.#closed },
    };
  }

  /** True when the server is stopping: connections end after their current work. */
  get isStopping(): boolean {
    return this.#stop !== undefined;
  }

  /**
   * Stops accepting, ends the connections that are not busy, gives the others `drainMs` to finish
   * and then ends them too. Idempotent.
   */
  close(): Promise<void> {
    return this.#stop ??= this.#close();
  }

  /** Stops as {@linkcode TcpServer.close} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Called by the connection only. */
  onPhase(connection: Connection, from: Phase): void {
    this.#crowd.move(connection, from);
    if (connection.phase !== "greeted") return;
    const one = handshakeTooMany(this.#crowd, connection, this.deadlines.clock.now());
    one?.close("shed");
  }

  /** Called by the connection only. */
  onClose(connection: Connection, reason: CloseReason): void {
    this.#crowd.remove(connection);
    this.#closed[reason] = (this.#closed[reason] ?? 0) + 1;
    if (this.#crowd.size === 0) this.#emptied?.resolve();
  }

  async #accept(listener: NetListener): Promise<void> {
    while (!this.isStopping) {
      try {
        const conn = await listener.accept();
        this.#failures.onAccepted();
        this.#admit(conn);
      } catch (error) {
        if (this.isStopping) return;
        await this.#failures.onFailure(error);
      }
    }
  }

  /** Accepts a connection; sheds another one if the server is full. */
  #admit(conn: NetConn): void {
    this.#accepted++;
    let connection: Connection;
    try {
      connection = new Connection(conn, this, this.#connectionLimits);
    } catch {
      // The peer has already left: the system no longer knows its address.
      this.#failures.onAbandoned();
      conn.close();
      return;
    }
    const isForeign = this.#sources?.admits(connection.peer.hostname) === false;
    if (isForeign || !this.#makeRoom(connection.peer.hostname)) {
      connection.close("refused");
      return;
    }
    this.#crowd.add(connection);
    inBackground(this.#serve(connection));
  }

  /**
   * Ends a connection if a newcomer would exceed the limit. False if all are busy and no address
   * has more connections than the newcomer's.
   */
  #makeRoom(hostname: string): boolean {
    const isCrowdedThere = this.#crowd.sizeAt(hostname) >= this.#connectionsPerAddressMax;
    if (!isCrowdedThere && this.#crowd.size < this.#roomInAll()) return true;
    const victim = this.#crowd.leastUseful(isCrowdedThere ? hostname : undefined) ??
      this.#crowd.greediest(hostname);
    victim?.close("shed");
    return victim !== undefined;
  }

  async #serve(connection: Connection): Promise<void> {
    try {
      await this.#options.serve(connection);
    } catch (error) {
      connection.close("error");
      this.#options.onError?.(error);
    }
  }

  #roomInAll(): number {
    if (this.deadlines.clock.now() >= this.#systemMaxEndsAt) this.#systemMax = Infinity;
    return Math.min(this.#connectionsMax, this.#systemMax);
  }

  /**
   * The system's limit was reached: stay below it for a while, so that files can be opened, too. A
   * port with few connections did not use it up and keeps its room.
   */
  #relieve(): void {
    const room = Math.max(this.#crowd.size - DESCRIPTORS_RESERVE, 1);
    this.#systemMax = Math.max(room, DESCRIPTORS_RESERVE);
    this.#systemMaxEndsAt = this.deadlines.clock.now() + SHORTAGE_MEMORY_MS;
    while (this.#crowd.size > room) {
      const victim = this.#crowd.leastUseful();
      if (victim === undefined) return;
      victim.close("shed");
    }
  }

  async #close(): Promise<void> {
    // The accept loops notice the stop only after this call has returned its promise.
    await Promise.resolve();
    for (const { listener } of this.#listeners) listener.close();
    this.#failures.close();
    await Promise.all(this.#loops);
    for (const connection of this.#crowd.sheddable()) {
      if (connection.phase !== "receiving") connection.close("stopped");
    }
    if (this.#crowd.size > 0) {
      this.#emptied = Promise.withResolvers<void>();
      await settlesWithin(this.#emptied.promise, this.#drainMs);
    }
    for (const connection of this.#crowd.all()) connection.close("stopped");
    this.deadlines.close();
    this.turns.close();
  }
}

function listenOn(
  asked: Peer,
  tls: TlsIdentity | undefined,
): Listening & { readonly listener: NetListener } {
  let listener: NetListener;
  try {
    const plain = Deno.listen({ ...asked, transport: "tcp" });
    listener = tls === undefined ? plain : tls.listenOn(plain);
  } catch (cause) {
    throw new ListenError(asked, cause);
  }
  return {
    listener,
    address: listeningPlace(asked, listener.addr),
    [Symbol.dispose]: () => listener.close(),
  };
}
