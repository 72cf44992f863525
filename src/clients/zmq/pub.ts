/**
 * The publishing socket that connects.
 *
 * @module
 */

import { checkOptions } from "../../core/option_ranges.ts";
import { ZMQ_LINK_CHECKS } from "../../net/zmq/link_ranges.ts";
import { type ZmqConnectOptions, ZmqLink } from "../../net/zmq/link.ts";
import type { ZmqSendResult } from "../../net/zmq/peer.ts";
import { SubscriptionTree } from "../../wire/zmq/subscription_tree.ts";
import { bytesOf, framesOf, type ZmqOutgoing } from "./frames.ts";

/** What became of a publication; `unwanted` means that the peer has no such subscription. */
export type ZmqPublishResult = ZmqSendResult | "unwanted";

/** The most subscriptions of the other end; further ones are ignored, which loses publications. */
const TOPICS_MAX = 100_000;

/** A caller that waits until a topic has a subscription. */
interface Waiter {
  readonly topic: Uint8Array;
  readonly done: () => void;
}

/**
 * A PUB: sends publications that the other end has subscribed to, and reconnects whenever the
 * connection ends. {@linkcode ZmqPub.send} never waits: messages published while there is no
 * connection, or faster than the other end reads, are dropped whole and counted.
 *
 * @example
 * ```ts ignore
 * import { ZmqPub } from "@pulsebox/pulsebox";
 *
 * await using pub = new ZmqPub("ws://10.0.0.7:6969/zmq/pub");
 * await pub.subscribed("GetClientState1");
 * pub.send(["GetClientState1", "hello"]);
 * ```
 */
export class ZmqPub implements AsyncDisposable {
  readonly #link: ZmqLink;
  readonly #waiters = new Set<Waiter>();
  #topics = new SubscriptionTree<null>();
  #dropped = 0;

  /**
   * Connects in the background.
   *
   * @param url `tcp://HOST:PORT`, `ws://HOST:PORT/PATH` or `wss://HOST:PORT/PATH`.
   * @param options Limits.
   * @throws {TypeError} if the URL is none of these, or an option is unknown.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(url: string, options: ZmqConnectOptions = {}) {
    checkOptions("ZeroMQ socket", options, ZMQ_LINK_CHECKS);
    this.#link = new ZmqLink(url, "PUB", {
      onReady: () => this.#topics = new SubscriptionTree<null>(),
      onMessage: () => undefined,
      onSubscription: (_, action, topic) => {
        if (action === "cancel") this.#topics.remove(topic, null);
        else if (this.#topics.topics < TOPICS_MAX) this.#topics.add(topic, null);
        this.#wake();
      },
      onEnd: () => this.#topics = new SubscriptionTree<null>(),
    }, options);
    this.#link.closed.addEventListener("abort", this.#onClosed);
  }

  /** Whether there is a connection. */
  get isConnected(): boolean {
    return this.#link.peer !== undefined;
  }

  /** How many times a connection was made. */
  get connects(): number {
    return this.#link.connects;
  }

  /** Messages dropped because there was no connection or it was slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Sends a message if the other end has subscribed to its topic.
   *
   * @param message Its first frame is the topic. Frames must not change afterwards.
   */
  send(message: ZmqOutgoing): ZmqPublishResult {
    const frames = framesOf(message);
    const { peer } = this.#link;
    if (peer === undefined) {
      this.#dropped++;
      return "closed";
    }
    if (!this.#isWanted(frames[0] as Uint8Array)) return "unwanted";
    const result = peer.sendMessage(frames);
    if (result !== "sent") this.#dropped++;
    return result;
  }

  /**
   * Resolves when the other end has subscribed to a topic, or the socket is closed: messages sent
   * earlier would be lost.
   */
  subscribed(topic: Uint8Array | string = ""): Promise<void> {
    const bytes = bytesOf(topic);
    if (this.#isWanted(bytes) || this.#link.closed.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.add({ topic: bytes, done: resolve }));
  }

  /** Resolves when the system has taken everything that was sent. */
  async flushed(): Promise<void> {
    await this.#link.peer?.connection.drained();
  }

  /** Ends the connection for good. Idempotent. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  /** Closes the socket; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #isWanted(topic: Uint8Array): boolean {
    let isWanted = false;
    this.#topics.match(topic, () => isWanted = true);
    return isWanted;
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.#isWanted(waiter.topic)) continue;
      this.#waiters.delete(waiter);
      waiter.done();
    }
  }

  readonly #onClosed = (): void => {
    for (const { done } of this.#waiters) done();
    this.#waiters.clear();
  };
}
