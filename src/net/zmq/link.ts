/**
 * A connection to a ZeroMQ peer that is restored whenever it ends.
 *
 * @module
 */

import type { Mechanism, ZmqIdentity } from "../../wire/zmq/handshake.ts";
import { ZMQ_MESSAGE_LIMITS, type ZmqMessageLimits } from "../../wire/zmq/message.ts";
import type { SocketType } from "../../wire/zmq/socket_type.ts";
import { parseZmqUrl, type ZmqAddress } from "../../wire/zmq/url.ts";
import { Sleep } from "../sleep.ts";
import { Deadlines } from "../tcp/deadlines.ts";
import { systemClock } from "../system_clock.ts";
import { dialReason } from "../dial_reason.ts";
import { dial } from "./dial.ts";
import { endReason } from "./end_reason.ts";
import { ZmqPeer, type ZmqPeerHandlers } from "./peer.ts";
import { withHeartbeat, ZMQ_PEER_LIMITS, type ZmqPeerLimits } from "./peer_limits.ts";
import { Timer } from "../timer.ts";
import { type StatusListener, StatusReports } from "../client_status.ts";
import { endKind, failureOf, ZmqError, type ZmqFailure } from "./error.ts";
import { inBackground } from "../background.ts";

/** Pauses between attempts to connect. */
export interface ZmqReconnectLimits {
  /**
   * The pause before the second attempt, in milliseconds; 100. Each further pause doubles, and a
   * random part of it, up to half, is left out.
   */
  readonly reconnectMs: number;
  /** The longest pause, in milliseconds; 5 000. */
  readonly reconnectMsMax: number;
}

/** The pauses unless the user sets others. */
export const ZMQ_RECONNECT_LIMITS: ZmqReconnectLimits = {
  reconnectMs: 100,
  reconnectMsMax: 5_000,
};

/** Options of every socket that connects. */
export interface ZmqConnectOptions {
  /** Closes the socket when aborted. */
  readonly signal?: AbortSignal;
  /**
   * Name for this socket that a ROUTER may use, up to 255 bytes, text as UTF-8; empty if not given.
   */
  readonly routingId?: Uint8Array | string;
  /**
   * For servers that require a name and password (PLAIN); only `wss` hides them from eavesdroppers.
   */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Certificates (PEM) to trust for `wss` servers, besides the system's. */
  readonly caCerts?: readonly string[];
  /** Limits that are not given have the defaults for messages, peers and reconnecting. */
  readonly limits?: Partial<ZmqMessageLimits & ZmqPeerLimits & ZmqReconnectLimits>;
  /**
   * Called with `up` when the handshake is over, with `down` when the connection has ended, and
   * with `failed` for each further attempt that fails.
   */
  readonly onStatus?: StatusListener<ZmqError>;
}

/** How a socket uses its link. */
export interface ZmqLinkHandlers extends Omit<ZmqPeerHandlers, "onViolation"> {
  /** Whether messages wait for a connection: a link that is closed then still tries to connect. */
  readonly hasUnsent?: () => boolean;
}

const CHECKS_PER_HEARTBEAT = 4;
const GOODBYE_MS = 500;

/** Keeps the connection to one peer. */
export class ZmqLink implements AsyncDisposable {
  readonly #address: ZmqAddress;
  readonly #url: string;
  readonly #identity: ZmqIdentity;
  readonly #limits: ZmqMessageLimits & ZmqPeerLimits & ZmqReconnectLimits;
  readonly #handlers: ZmqLinkHandlers;
  readonly #options: ZmqConnectOptions;
  readonly #deadlines = new Deadlines(systemClock);
  readonly #sleep = new Sleep();
  readonly #controller = new AbortController();
  /** Aborted when the last connection has ended: at the close, or after the goodbye. */
  readonly #over = new AbortController();
  readonly #running: Promise<void>;
  readonly #status: StatusReports<ZmqError>;
  #peer: ZmqPeer | undefined;
  #isReady = false;
  /** Set when the current connection is ended in order to reconnect. */
  #isReconnecting = false;
  #attempts = 0;
  #violation: string | undefined;
  #problem: string | undefined;
  #connects = 0;
  #goodbye: Timer | undefined;

  /**
   * @param url Where the peer is.
   * @param socketType What this end is.
   * @param handlers Called with peers; each connection is a new peer.
   * @param options Credentials, limits.
   * @throws {TypeError} if the URL or the routing id cannot be used.
   * @throws {RangeError} if a limit is out of range.
   */
  constructor(
    url: string,
    socketType: SocketType,
    handlers: ZmqLinkHandlers,
    options: ZmqConnectOptions,
  ) {
    this.#address = parseZmqUrl(url);
    this.#url = url;
    this.#options = options;
    this.#handlers = handlers;
    this.#status = new StatusReports(options.onStatus);
    this.#identity = {
      socketType,
      side: "client",
      mechanism: mechanismOf(options),
      routingId: routingIdOf(options.routingId ?? ""),
    };
    this.#limits = withHeartbeat({
      ...ZMQ_MESSAGE_LIMITS,
      ...ZMQ_PEER_LIMITS,
      ...ZMQ_RECONNECT_LIMITS,
      ...options.limits,
    });
    if (options.signal?.aborted) this.#stop();
    else options.signal?.addEventListener("abort", this.#stop);
    this.#running = inBackground(this.#run());
  }

  /** The peer, while it is connected and its handshake is over. */
  get peer(): ZmqPeer | undefined {
    return this.#isReady ? this.#peer : undefined;
  }

  /** Why there is no connection now, if that is known. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** How many times a connection was made. */
  get connects(): number {
    return this.#connects;
  }

  /** Aborted when the link is closed. */
  get closed(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the connection for good; what was sent still goes out if the peer reads. Idempotent. */
  async close(): Promise<void> {
    this.#stop();
    await this.#running;
  }

  /** Ends the current connection; a new one is made at once. */
  reconnect(): void {
    if (this.#peer === undefined) return;
    this.#isReconnecting = true;
    this.#peer.close("finished");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #stop = (): void => {
    if (this.#controller.signal.aborted) return;
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#controller.abort();
    if (this.#handlers.hasUnsent?.() === true) {
      // Try once more at once, however long the pause would have been.
      this.#sleep.wake();
      this.#goodbye = Timer.after(GOODBYE_MS, this.#giveUp);
    } else {
      this.#finish();
    }
  };

  readonly #giveUp = (): void => {
    this.#finish();
    this.#peer?.close("stopped");
  };

  /** Ends the connection when everything is out, and connects no more. */
  #finish(): void {
    this.#goodbye?.stop();
    this.#over.abort();
    this.#sleep.close();
    this.#peer?.end();
    if (this.#peer !== undefined) {
      this.#goodbye = Timer.after(GOODBYE_MS, () => this.#peer?.close("stopped"));
    }
  }

  async #run(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const failure = await this.#connectOnce();
      if (this.#over.signal.aborted) break;
      if (failure === undefined) continue;
      this.#status.down(failure);
      await this.#sleep.sleep(this.#pauseMs());
    }
    this.#goodbye?.stop();
    this.#deadlines.close();
  }

  /** Connects and serves the connection; returns why it ended, unless we ended it. */
  async #connectOnce(): Promise<ZmqError | undefined> {
    const { handshakeMs } = this.#limits;
    try {
      const { connection, engine, received } = await dial({
        address: this.#address,
        caCerts: this.#options.caCerts ?? [],
        identity: this.#identity,
        limits: this.#limits,
        handshakeMs,
        signal: this.#over.signal,
        owner: { deadlines: this.#deadlines },
      });
      this.#violation = undefined;
      this.#isReconnecting = false;
      const peer = new ZmqPeer(connection, engine, this.#peerHandlers(), this.#limits);
      this.#peer = peer;
      if (this.#over.signal.aborted) peer.close("stopped");
      using _ = this.#heartbeat(peer);
      await peer.run(received);
      if (this.#isReconnecting) return undefined;
      if (this.#violation !== undefined) return this.#failure("protocol", this.#violation);
      const { closeReason } = connection;
      return this.#failure(endKind(closeReason), endReason(closeReason));
    } catch (error) {
      return this.#failure(failureOf(error), dialReason(error), error);
    } finally {
      this.#peer = undefined;
    }
  }

  #failure(kind: ZmqFailure, detail: string, cause?: unknown): ZmqError {
    this.#problem = detail;
    return new ZmqError(kind, `Connection to ${this.#url} ended: ${detail}`, { cause });
  }

  #peerHandlers(): ZmqPeerHandlers {
    const handlers = this.#handlers;
    return {
      onReady: (peer) => {
        this.#isReady = true;
        this.#problem = undefined;
        this.#attempts = 0;
        this.#connects++;
        handlers.onReady(peer);
        this.#status.up(this.#url);
        if (this.closed.aborted) this.#finish();
      },
      onMessage: (peer, message) => handlers.onMessage(peer, message),
      onSubscription: (peer, action, topic) => handlers.onSubscription?.(peer, action, topic),
      onEnd: (peer, reason) => {
        if (!this.#isReady) return;
        this.#isReady = false;
        handlers.onEnd(peer, reason);
      },
      onViolation: (_, message) => this.#violation = message,
    };
  }

  #heartbeat(peer: ZmqPeer): Disposable {
    const { heartbeatMs } = this.#limits;
    if (heartbeatMs === Infinity) return { [Symbol.dispose]: () => undefined };
    return Timer.every(
      heartbeatMs / CHECKS_PER_HEARTBEAT,
      () => peer.checkAlive(systemClock.now()),
    ).patient();
  }

  /**
   * Between half and all of a pause that doubles: after a server restarts, its peers spread out.
   */
  #pauseMs(): number {
    const { reconnectMs, reconnectMsMax } = this.#limits;
    const pauseMs = Math.min(reconnectMs * 2 ** Math.min(this.#attempts++, 16), reconnectMsMax);
    return pauseMs * (0.5 + Math.random() / 2);
  }
}

function mechanismOf({ credentials }: ZmqConnectOptions): Mechanism {
  return credentials === undefined ? { name: "NULL" } : { name: "PLAIN", ...credentials };
}

function routingIdOf(routingId: Uint8Array | string): Uint8Array {
  const bytes = typeof routingId === "string" ? new TextEncoder().encode(routingId) : routingId;
  if (bytes.length > 255) {
    throw new TypeError(`Cannot use routing id: it has ${bytes.length} bytes, must be <= 255`);
  }
  return bytes;
}
