/**
 * One ZeroMQ peer on one connection.
 *
 * @module
 */

import type { MessageEncoder, ZmqEngine, ZmqEvent } from "../../wire/zmq/engine.ts";
import type { ZmqPeerInfo } from "../../wire/zmq/handshake.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import type { Connection } from "../tcp/connection.ts";
import type { CloseReason } from "../tcp/connection_limits.ts";
import { assertFrames } from "../../wire/zmq/message.ts";
import type { ZmqPeerLimits } from "./peer_limits.ts";

/** Called when a peer does something. No handler may throw. */
export interface ZmqPeerHandlers {
  /** The handshake is over; `send` may be used from now on. */
  onReady(peer: ZmqPeer): void;
  /** A message has arrived. */
  onMessage(peer: ZmqPeer, message: ZmqMessage): void;
  /** The peer subscribes to a topic, or cancels a subscription. */
  onSubscription?(peer: ZmqPeer, action: "subscribe" | "cancel", topic: Uint8Array): void;
  /** The connection has ended. Also called if `onReady` never was. */
  onEnd(peer: ZmqPeer, reason: CloseReason): void;
  /** The peer broke the protocol; the connection is about to end. */
  onViolation?(peer: ZmqPeer, message: string): void;
}

/** What became of a message: `sent` means queued or handed over, not arrived. */
export type ZmqSendResult = "sent" | "dropped" | "closed";

/** A peer as the user of a socket sees it. */
export interface ZmqRemote {
  /** Who the peer claims to be; undefined before the handshake is over. */
  readonly info: ZmqPeerInfo | undefined;
  /** IP address of the peer. */
  readonly address: string;
  /** Messages that were dropped because the peer was slow. */
  readonly dropped: number;
  /** Sends a message to this peer alone. Its frames must not change afterwards. */
  sendMessage(message: ZmqMessage): ZmqSendResult;
  /** Ends the connection when everything has been sent. */
  end(): void;
}

/** The most messages of one peer that are processed in a row before other peers get their turn. */
const MESSAGES_AT_ONCE_MAX = 256;
/** A silence of this many heartbeats ends a connection. */
const HEARTBEATS_MISSED_MAX = 3;
/** Bytes counted for each message besides its content, so that tiny messages are limited, too. */
const MESSAGE_OVERHEAD_BYTES = 64;

/**
 * A connection with an engine: it turns bytes into events, messages into bytes, and silence into an
 * end.
 */
export class ZmqPeer implements ZmqRemote {
  /** The connection; use {@linkcode ZmqPeer.close} to end it. */
  readonly connection: Connection;
  readonly #engine: ZmqEngine;
  readonly #handlers: ZmqPeerHandlers;
  readonly #limits: ZmqPeerLimits;
  #info: ZmqPeerInfo | undefined;
  #dropped = 0;
  /**
   * When the peer was last heard as of the last ping, and when the first ping since was sent (ms).
   */
  #pingedSince = NaN;
  #pingedAt = 0;
  /** Set when the peer is to be disconnected: the goodbye to send first. */
  #refusal: Uint8Array | undefined;

  /**
   * @param connection A new connection.
   * @param engine Its protocol.
   * @param handlers Called with events.
   * @param limits How slow and how silent the peer may be.
   */
  constructor(
    connection: Connection,
    engine: ZmqEngine,
    handlers: ZmqPeerHandlers,
    limits: ZmqPeerLimits,
  ) {
    this.connection = connection;
    this.#engine = engine;
    this.#handlers = handlers;
    this.#limits = limits;
  }

  /** Who the peer claims to be; undefined before the handshake is over. */
  get info(): ZmqPeerInfo | undefined {
    return this.#info;
  }

  /** IP address of the peer. */
  get address(): string {
    return this.connection.peer.hostname;
  }

  /** Encodes messages for this peer. */
  get encoder(): MessageEncoder {
    return this.#engine.encoder;
  }

  /** Messages that were dropped because the peer was slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Serves the peer until the connection has ended.
   *
   * @param received Bytes that arrived before the engine existed.
   */
  async run(received?: Uint8Array): Promise<void> {
    const { connection } = this;
    try {
      connection.enter("opening", this.#limits.handshakeMs);
      connection.send(this.#engine.open());
      if (received !== undefined && received.length > 0) this.#engine.put(received);
      while (await this.#deal()) {
        const count = await connection.read(this.#engine.space());
        if (count === null) break;
        // Further bytes do not extend the timeout of the handshake: no honest peer sends it drop by
        // drop.
        if (this.#info !== undefined) connection.touch();
        this.#engine.commit(count);
      }
    } finally {
      connection.close("peer");
      const { closeReason = "peer" } = connection;
      // A real SUB that connects to a port for publishers sends nothing: it checks the peer's type
      // and leaves.
      const problem = closeReason === "peer" ? this.#engine.departure() : undefined;
      if (problem !== undefined) this.#handlers.onViolation?.(this, problem);
      this.#handlers.onEnd(this, closeReason);
    }
  }

  /** Sends a message to this peer alone. */
  sendMessage(message: ZmqMessage): ZmqSendResult {
    assertFrames(message);
    return this.send(this.#engine.encoder.encodeMessage(message));
  }

  /**
   * Sends one encoded message, whole or not at all.
   *
   * @param bytes From the encoder of this peer; must not change afterwards.
   */
  send(bytes: Uint8Array): ZmqSendResult {
    if (this.#info === undefined) return "closed";
    const waiting = this.connection.queueBytes;
    // A message larger than the high-water mark still reaches a peer that keeps up.
    if (waiting > 0) {
      const overhead = this.connection.queueMessages * MESSAGE_OVERHEAD_BYTES;
      if (waiting + overhead + bytes.length > this.#limits.unsentBytes) return this.#overflow();
    }
    return this.connection.send(bytes) === "sent" ? "sent" : "closed";
  }

  /** Subscribes to topics of a publisher, or unsubscribes; never dropped. */
  sendSubscriptions(action: "subscribe" | "cancel", topics: Iterable<Uint8Array>): void {
    for (const topic of topics) {
      const bytes = action === "subscribe"
        ? this.#engine.encodeSubscribe(topic)
        : this.#engine.encodeCancel(topic);
      this.#sendControl(bytes);
    }
  }

  /** Pings or disconnects a silent peer; called now and then. */
  checkAlive(now: number): void {
    const { heartbeatMs } = this.#limits;
    const { activeAt } = this.connection;
    if (this.#info === undefined || now - activeAt < heartbeatMs) return;
    if (this.#pingedSince !== activeAt) {
      this.#pingedSince = activeAt;
      this.#pingedAt = now;
    }
    // Silence counts from our first ping: while this process does not run, it pings nobody.
    const unansweredMs = now - this.#pingedAt;
    if (this.#engine.expectsPong && unansweredMs >= heartbeatMs * (HEARTBEATS_MISSED_MAX - 1)) {
      this.connection.close("idle-timeout");
    } else if (this.connection.queueBytes === 0) {
      this.#sendControl(this.#engine.encodePing());
    }
  }

  /** Says goodbye, and ends the connection when everything sent is out. */
  end(): void {
    if (this.#info !== undefined) this.#sendControl(this.#engine.encodeGoodbye());
    this.connection.end();
  }

  /**
   * Disconnects a peer that demands too much, with a reason where the protocol has a message for
   * it. Call it only from a handler of the peer's own requests.
   */
  refuse(reason: string): void {
    this.#refusal = this.#engine.encodeRefusal(reason);
  }

  /** Ends the connection at once. */
  close(reason: CloseReason): void {
    this.connection.close(reason);
  }

  /** Processes everything that has arrived; false if the connection must end. */
  async #deal(): Promise<boolean> {
    let previous: ZmqEvent | undefined;
    let events = 0;
    for (let event = this.#engine.next(); event !== undefined; event = this.#engine.next()) {
      if (this.connection.closeReason !== undefined) return false;
      if (event.kind === "violation") {
        this.#handlers.onViolation?.(this, event.message);
        await this.#dismiss(event.reply, previous?.kind === "send" ? "unread" : "none");
        return false;
      }
      if (event.kind === "goodbye") {
        this.connection.send(event.reply);
        this.connection.end();
        await this.connection.ended();
        return false;
      }
      this.#take(event);
      if (this.#refusal !== undefined) {
        await this.#dismiss(this.#refusal);
        return false;
      }
      previous = event;
      if (++events % MESSAGES_AT_ONCE_MAX === 0) await this.connection.othersFirst();
    }
    if (this.connection.queueBytes > this.#limits.pauseBytes) await this.connection.drained();
    return this.connection.closeReason === undefined;
  }

  /** Ends the connection such that a refusal still arrives, this one or one that was just sent. */
  async #dismiss(refusal: Uint8Array, before: "unread" | "none" = "none"): Promise<void> {
    if (refusal.length > 0) this.connection.send(refusal);
    if (refusal.length > 0 || before === "unread") await this.connection.linger("violation");
    else this.connection.close("violation");
  }

  #take(event: Exclude<ZmqEvent, { kind: "violation" | "goodbye" }>): void {
    switch (event.kind) {
      case "message":
        return this.#handlers.onMessage(this, event.message);
      case "subscribe":
      case "cancel":
        return this.#handlers.onSubscription?.(this, event.kind, event.topic);
      case "send":
        return this.#sendControl(event.bytes);
      case "ttl":
        return this.connection.enter("busy", event.ms);
      case "ready":
        this.#info = event.peer;
        this.connection.enter("busy", Infinity);
        return this.#handlers.onReady(this);
    }
  }

  /** Sends what must not be dropped, up to a limit in case the peer never reads. */
  #sendControl(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.connection.queueBytes > 2 * this.#limits.unsentBytes) this.close("queue-full");
    else this.connection.send(bytes);
  }

  #overflow(): ZmqSendResult {
    if (this.#limits.overflow === "disconnect") {
      this.close("queue-full");
      return "closed";
    }
    this.#dropped++;
    return "dropped";
  }
}
