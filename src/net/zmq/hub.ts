/**
 * All peers of one socket that listens for peers.
 *
 * @module
 */

import { ZmtpEngine } from "../../wire/zmtp/engine.ts";
import type { ZmqEngine } from "../../wire/zmq/engine.ts";
import type { Mechanism, ZmqIdentity } from "../../wire/zmq/handshake.ts";
import {
  ZMQ_MESSAGE_LIMITS,
  type ZmqMessage,
  type ZmqMessageLimits,
} from "../../wire/zmq/message.ts";
import type { SocketType } from "../../wire/zmq/socket_type.ts";
import type { Connection } from "../tcp/connection.ts";
import type { CloseReason } from "../tcp/connection_limits.ts";
import { systemClock } from "../system_clock.ts";
import { ZmqPeer, type ZmqPeerHandlers, type ZmqRemote } from "./peer.ts";
import { withHeartbeat, ZMQ_PEER_LIMITS, type ZmqPeerLimits } from "./peer_limits.ts";
import { Timer } from "../timer.ts";
import { checkRanges } from "../../core/option_ranges.ts";
import { askUser, tellUser } from "../user_callback.ts";
import { ZMQ_HUB_RANGES } from "./link_ranges.ts";

/** Options of every socket that listens for peers. */
export interface ZmqSocketOptions {
  /** How peers authenticate; everybody may connect if not given. */
  readonly mechanism?: Mechanism | undefined;
  /** Defaults are in {@linkcode ZMQ_MESSAGE_LIMITS} and {@linkcode ZMQ_PEER_LIMITS}. */
  readonly limits?: Partial<ZmqMessageLimits & ZmqPeerLimits> | undefined;
  /** Called with one sentence when a peer broke the protocol and is disconnected. */
  readonly onViolation?: ((peer: ZmqRemote, message: string) => void) | undefined;
}

/** What a socket has done so far. */
export interface ZmqCounters {
  /** Messages received. */
  readonly received: number;
  /** Messages dropped because a peer was slow, counted once for each such peer. */
  readonly dropped: number;
  /** Peers that broke the protocol. */
  readonly violations: number;
}

/** How a socket handles its peers. */
export type ZmqHubHandlers = Omit<ZmqPeerHandlers, "onViolation">;

/** How long peers may take to read the last messages before a close, in milliseconds. */
const GOODBYE_MS = 500;
/** How often peers are checked within one heartbeat. */
const CHECKS_PER_HEARTBEAT = 4;

/**
 * Keeps the peers of a socket: admits them over any transport, pings silent peers, counts, and
 * disconnects all of them at the end.
 */
export class ZmqHub implements AsyncDisposable {
  /** What this end is. */
  readonly identity: ZmqIdentity;
  /** How large messages may be. */
  readonly messageLimits: ZmqMessageLimits;
  /** Peers whose handshake is over. */
  readonly peers: ReadonlySet<ZmqPeer>;
  readonly #ready = new Set<ZmqPeer>();
  readonly #all = new Set<ZmqPeer>();
  readonly #limits: ZmqPeerLimits;
  readonly #handlers: ZmqPeerHandlers;
  #received = 0;
  #droppedByEnded = 0;
  #violations = 0;
  #timer: Timer | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @param socketType The kind of socket.
   * @param handlers How it handles peers.
   * @param options Who may connect, and limits.
   */
  constructor(socketType: SocketType, handlers: ZmqHubHandlers, options: ZmqSocketOptions) {
    checkRanges("ZeroMQ socket", { limits: options.limits ?? {} }, ZMQ_HUB_RANGES);
    const { limits } = options;
    const mechanism = careful(options.mechanism ?? { name: "NULL" });
    this.identity = { socketType, side: "server", mechanism, routingId: new Uint8Array(0) };
    this.messageLimits = { ...ZMQ_MESSAGE_LIMITS, ...limits };
    this.#limits = withHeartbeat({ ...ZMQ_PEER_LIMITS, ...limits });
    this.peers = this.#ready;
    this.#handlers = {
      onReady: (peer) => {
        this.#ready.add(peer);
        handlers.onReady(peer);
      },
      onMessage: (peer, message) => {
        this.#received++;
        handlers.onMessage(peer, message);
      },
      onSubscription: (peer, action, topic) => handlers.onSubscription?.(peer, action, topic),
      onEnd: (peer, reason) => this.#onEnd(peer, reason, handlers),
      onViolation: (peer, message) => {
        this.#violations++;
        tellUser(options.onViolation, peer, message);
      },
    };
  }

  /** The counters so far. */
  get counters(): ZmqCounters {
    let dropped = this.#droppedByEnded;
    for (const peer of this.#ready) dropped += peer.dropped;
    return { received: this.#received, dropped, violations: this.#violations };
  }

  /** Serves a peer on TCP until its connection has ended. */
  serve(connection: Connection): Promise<void> {
    return this.serveWith(connection, new ZmtpEngine(this.identity, this.messageLimits));
  }

  /**
   * Serves a peer until its connection has ended.
   *
   * @param connection The connection.
   * @param engine Its protocol.
   * @param received The bytes that have arrived already.
   */
  async serveWith(
    connection: Connection,
    engine: ZmqEngine,
    received?: Uint8Array,
  ): Promise<void> {
    if (this.#closing !== undefined) return connection.close("stopped");
    const peer = new ZmqPeer(connection, engine, this.#handlers, this.#limits);
    this.#all.add(peer);
    this.#watch();
    await peer.run(received);
  }

  /** Disconnects the peers whose name and password are no longer accepted. */
  endUnadmitted(): void {
    for (const peer of [...this.#ready]) {
      if (peer.info?.isAdmitted?.() === false) peer.close("refused");
    }
  }

  /** Disconnects all peers; those that read still get the last messages. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#timer?.stop();
    const peers = [...this.#all];
    for (const peer of peers) peer.end();
    if (this.#all.size === 0) return;
    const hardStop = Timer.after(GOODBYE_MS, () => {
      for (const peer of peers) peer.close("stopped");
    });
    await Promise.all(peers.map((peer) => peer.connection.ended()));
    hardStop.stop();
  }

  #onEnd(peer: ZmqPeer, reason: CloseReason, handlers: ZmqHubHandlers): void {
    this.#all.delete(peer);
    this.#droppedByEnded += peer.dropped;
    if (this.#all.size === 0) {
      this.#timer?.stop();
      this.#timer = undefined;
    }
    if (this.#ready.delete(peer)) handlers.onEnd(peer, reason);
  }

  /** Checks the peers regularly while there are any. */
  #watch(): void {
    const { heartbeatMs } = this.#limits;
    if (this.#timer !== undefined || heartbeatMs === Infinity) return;
    this.#timer = Timer.every(heartbeatMs / CHECKS_PER_HEARTBEAT, () => {
      const now = systemClock.now();
      for (const peer of this.#ready) peer.checkAlive(now);
    }).patient();
  }
}

/** Wraps the mechanism: a login whose check throws is refused. */
function careful(mechanism: Mechanism): Mechanism {
  if (!("admit" in mechanism)) return mechanism;
  return {
    name: mechanism.name,
    admit: (username, password) =>
      askUser(mechanism.admit, { answer: false }, username, password) === true,
  };
}

/** A message, encoded once for each kind of peer. */
export class Publication {
  /** The message itself. */
  readonly message: ZmqMessage;
  readonly #written: { encoder: unknown; bytes: Uint8Array }[] = [];

  /** @param message The publication. */
  constructor(message: ZmqMessage) {
    this.message = message;
  }

  /** The bytes for one peer. */
  bytesFor({ encoder }: ZmqPeer): Uint8Array {
    for (const written of this.#written) {
      if (written.encoder === encoder) return written.bytes;
    }
    const bytes = encoder.encodeMessage(this.message);
    this.#written.push({ encoder, bytes });
    return bytes;
  }
}
