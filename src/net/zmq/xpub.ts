/**
 * The publishing socket that listens for subscribers.
 *
 * @module
 */

import { SubscriptionTree } from "../../wire/zmq/subscription_tree.ts";
import { topicKey } from "../../wire/zmq/topic_counts.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { Publication, type ZmqCounters, ZmqHub, type ZmqSocketOptions } from "./hub.ts";
import type { ZmqPeer, ZmqRemote, ZmqSendResult } from "./peer.ts";
import { assertFrames } from "../../wire/zmq/message.ts";
import { askUser, tellUser } from "../user_callback.ts";

/** How much one subscriber may subscribe to. */
export interface ZmqSubscriptionLimits {
  /** Topics of one peer; 1 000. A peer that subscribes to more is disconnected. */
  readonly subscriptionsMax: number;
  /** Bytes of all topics of one peer together; 262 144. */
  readonly subscriptionBytesMax: number;
}

/** The limits unless the user sets others. */
export const ZMQ_SUBSCRIPTION_LIMITS: ZmqSubscriptionLimits = {
  subscriptionsMax: 1_000,
  subscriptionBytesMax: 262_144,
};

/** Options of {@linkcode ZmqXPub}. */
export interface ZmqXPubOptions extends ZmqSocketOptions {
  /** Defaults are in {@linkcode ZMQ_SUBSCRIPTION_LIMITS} and the other limits. */
  readonly limits?: ZmqSocketOptions["limits"] & Partial<ZmqSubscriptionLimits> | undefined;
  /**
   * Decides whether a subscription that is a prefix of a topic matches it, for rules other than
   * ZeroMQ's. Called once for each different subscription that is a prefix; if it throws, the
   * subscription does not match.
   *
   * @param topic First frame of a publication.
   * @param prefixBytes Length of the subscription: the first bytes of the topic.
   */
  readonly admits?: ((topic: Uint8Array, prefixBytes: number) => boolean) | undefined;
  /** Called with each new subscription of a peer. */
  readonly onSubscribe?: ((peer: ZmqRemote, topic: Uint8Array) => void) | undefined;
  /** Called when a topic gets its first subscriber, and when it has lost its last one. */
  readonly onDemand?: ((action: "subscribe" | "cancel", topic: Uint8Array) => void) | undefined;
  /** Called with messages from subscribers, which ZeroMQ allows. */
  readonly onMessage?: ((peer: ZmqRemote, message: ZmqMessage) => void) | undefined;
}

/** If the function throws, send the message to no one: it may be for another peer. */
const NOT_MEANT = { answer: false };

/** The subscriptions of one peer. */
interface Wishes {
  /** Subscriptions by their bytes as text, so that equal topics are one entry. */
  readonly topics: Map<string, Uint8Array>;
  bytes: number;
}

/**
 * An XPUB: sends each publication to the subscribers whose topics are a prefix of its first frame.
 * No subscriber delays another: messages that a slow one cannot take are dropped for it alone.
 *
 * @example
 * ```ts
 * import { ZmqServer, ZmqSub, ZmqXPub } from "@pulsebox/pulsebox";
 *
 * await using xpub = new ZmqXPub({ onSubscribe: () => xpub.publish(["state", "RUNNING"]) });
 * await using server = ZmqServer.listen("tcp://127.0.0.1:0", xpub);
 * await using sub = new ZmqSub(server.url, { topics: ["state"] });
 * for await (const [, state] of sub) {
 *   console.log(new TextDecoder().decode(state)); // RUNNING
 *   break;
 * }
 * ```
 */
export class ZmqXPub implements AsyncDisposable {
  /**
   * The peers and their limits.
   *
   * @internal
   */
  readonly hub: ZmqHub;
  readonly #options: ZmqXPubOptions;
  readonly #limits: ZmqSubscriptionLimits;
  readonly #tree = new SubscriptionTree<ZmqPeer>();
  readonly #wishes = new Map<ZmqPeer, Wishes>();
  #sent = 0;

  /**
   * Makes a socket without peers.
   *
   * @param options Rules and limits.
   */
  constructor(options: ZmqXPubOptions = {}) {
    this.#options = options;
    this.#limits = { ...ZMQ_SUBSCRIPTION_LIMITS, ...options.limits };
    this.hub = new ZmqHub("XPUB", {
      onReady: (peer) => this.#wishes.set(peer, { topics: new Map(), bytes: 0 }),
      onMessage: (peer, message) => {
        if (options.onMessage !== undefined) return tellUser(options.onMessage, peer, message);
        // A peer that only subscribes sends nothing but subscriptions.
        peer.connection.countUnasked(message.reduce((sum, frame) => sum + frame.length, 1));
      },
      onSubscription: (peer, action, topic) => {
        if (action === "subscribe") this.#subscribe(peer, topic);
        else this.#cancel(peer, topic);
      },
      onEnd: (peer) => this.#forget(peer),
    }, options);
  }

  /** Number of different topics with a subscription. */
  get topics(): number {
    return this.#tree.topics;
  }

  /** The counters so far. */
  get counters(): ZmqCounters {
    return this.hub.counters;
  }

  /** All topics with a subscription. */
  demands(): Iterable<Uint8Array> {
    return this.#tree.all();
  }

  /**
   * Sends a message to every peer with a matching subscription.
   *
   * @param message Its first frame is the topic; text is sent as UTF-8. Frames must not change
   * afterwards.
   * @return The number of peers it was sent to.
   * @throws {RangeError} if the message has no frames.
   */
  publish(message: readonly (Uint8Array | string)[]): number {
    assertFrames(message);
    const publication = new Publication(message.map(bytesOf));
    const topic = publication.message[0] ?? new Uint8Array(0);
    let first: ReadonlySet<ZmqPeer> | undefined;
    let reached: Set<ZmqPeer> | undefined;
    const { admits } = this.#options;
    this.#tree.match(topic, (peers, prefixBytes) => {
      if (admits !== undefined && !askUser(admits, NOT_MEANT, topic, prefixBytes)) return;
      if (first === undefined) {
        first = peers;
        return;
      }
      // A peer with two matching subscriptions gets one message.
      reached ??= new Set(first);
      for (const peer of peers) reached.add(peer);
    });
    let sent = 0;
    for (const peer of reached ?? first ?? []) {
      if (peer.send(publication.bytesFor(peer)) === "sent") sent++;
    }
    this.#sent += sent;
    return sent;
  }

  /** Messages given to peers by {@linkcode publish}, counted once for each peer. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends a message to one peer, whatever it subscribed to. */
  publishTo(peer: ZmqRemote, message: readonly (Uint8Array | string)[]): ZmqSendResult {
    return peer.sendMessage(message.map(bytesOf));
  }

  /** Disconnects all peers. Idempotent. */
  close(): Promise<void> {
    return this.hub.close();
  }

  /** Disconnects all peers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #subscribe(peer: ZmqPeer, topic: Uint8Array): void {
    const wishes = this.#wishes.get(peer);
    if (wishes === undefined) return;
    const key = topicKey(topic);
    // A set, not a count: subscribers repeat themselves (zws.md 5.3).
    if (wishes.topics.has(key)) return;
    const bytes = wishes.bytes + topic.length;
    if (
      wishes.topics.size >= this.#limits.subscriptionsMax ||
      bytes > this.#limits.subscriptionBytesMax
    ) {
      const refusal = "Cannot take subscription: the peer has too many";
      tellUser(this.#options.onViolation, peer, refusal);
      peer.refuse(refusal);
      return;
    }
    wishes.topics.set(key, topic);
    wishes.bytes = bytes;
    if (this.#tree.add(topic, peer) === "turned") {
      tellUser(this.#options.onDemand, "subscribe", topic);
    }
    tellUser(this.#options.onSubscribe, peer, topic);
  }

  #cancel(peer: ZmqPeer, topic: Uint8Array): void {
    const wishes = this.#wishes.get(peer);
    if (wishes?.topics.delete(topicKey(topic)) !== true) return;
    wishes.bytes -= topic.length;
    this.#release(peer, topic);
  }

  #forget(peer: ZmqPeer): void {
    const wishes = this.#wishes.get(peer);
    this.#wishes.delete(peer);
    for (const topic of wishes?.topics.values() ?? []) this.#release(peer, topic);
  }

  #release(peer: ZmqPeer, topic: Uint8Array): void {
    if (this.#tree.remove(topic, peer) === "turned") {
      tellUser(this.#options.onDemand, "cancel", topic);
    }
  }
}

const UTF8 = new TextEncoder();

function bytesOf(frame: Uint8Array | string): Uint8Array {
  return typeof frame === "string" ? UTF8.encode(frame) : frame;
}
