/**
 * The subscribing socket that connects.
 *
 * @module
 */

import { type ZmqConnectOptions, ZmqLink } from "../../net/zmq/link.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { SubscriptionTree } from "../../wire/zmq/subscription_tree.ts";
import { TopicCounts } from "../../wire/zmq/topic_counts.ts";
import { bytesOf } from "./frames.ts";
import { Inbox, type InboxOptions } from "../inbox.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { ZMQ_SUB_CHECKS } from "../option_ranges.ts";

/** Options of {@linkcode ZmqSub}. */
export interface ZmqSubOptions extends ZmqConnectOptions, InboxOptions {
  /** Initial subscriptions: prefixes of topics, `""` for everything. */
  readonly topics?: readonly (Uint8Array | string)[];
}

/**
 * A SUB: receives publications on its topics, and reconnects and subscribes again whenever the
 * connection ends. Messages published meanwhile are missed: there is no replay.
 *
 * @example
 * ```ts ignore
 * import { ZmqSub } from "@pulsebox/pulsebox";
 *
 * await using sub = new ZmqSub("ws://10.0.0.7:6969/zmq/sub", { topics: ["OnStateChange1"] });
 * for await (const [topic, payload] of sub) {
 *   console.log(topic, payload);
 * }
 * ```
 */
export class ZmqSub implements AsyncIterable<ZmqMessage>, AsyncDisposable {
  readonly #link: ZmqLink;
  readonly #inbox: Inbox<ZmqMessage>;
  readonly #topics = new TopicCounts();
  /** The same topics again, to find the subscriptions that match a message. */
  readonly #filter = new SubscriptionTree<null>();
  #onReady = Promise.withResolvers<void>();

  /**
   * Connects in the background.
   *
   * @param url `tcp://HOST:PORT`, `ws://HOST:PORT/PATH` or `wss://HOST:PORT/PATH`.
   * @param options Topics, limits.
   * @throws {TypeError} if the URL is none of these, or an option is unknown.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(url: string, options: ZmqSubOptions = {}) {
    checkOptions("ZeroMQ socket", options, ZMQ_SUB_CHECKS);
    this.#inbox = new Inbox<ZmqMessage>(options);
    for (const topic of options.topics ?? []) this.#add(bytesOf(topic));
    this.#link = new ZmqLink(url, "SUB", {
      onReady: (peer) => {
        peer.sendSubscriptions("subscribe", this.#topics.all());
        this.#onReady.resolve();
      },
      onMessage: (_, message) => {
        // Publishers may send more than we subscribed to, so subscribers filter again.
        if (this.#wants(message)) this.#inbox.push(message);
      },
      onEnd: () => {
        if (!this.#link.closed.aborted) this.#onReady = Promise.withResolvers<void>();
      },
    }, options);
    this.#link.closed.addEventListener("abort", this.#onClosed);
    if (this.#link.closed.aborted) this.#onClosed();
  }

  /** Whether there is a connection. */
  get isConnected(): boolean {
    return this.#link.peer !== undefined;
  }

  /** How many times a connection was made. */
  get connects(): number {
    return this.#link.connects;
  }

  /** Messages that were not read in time. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** Resolves when a connection is up and the subscriptions are sent, or the socket is closed. */
  connected(): Promise<void> {
    return this.#onReady.promise;
  }

  /**
   * Subscribes to a topic; an empty topic means everything. Subscriptions are counted, as in
   * ZeroMQ: whoever subscribes twice has to unsubscribe twice.
   */
  subscribe(topic: Uint8Array | string): void {
    const bytes = bytesOf(topic);
    if (this.#add(bytes)) this.#link.peer?.sendSubscriptions("subscribe", [bytes]);
  }

  /** Cancels one subscription to a topic. */
  unsubscribe(topic: Uint8Array | string): void {
    const bytes = bytesOf(topic);
    if (!this.#topics.remove(bytes)) return;
    this.#filter.remove(bytes, null);
    this.#link.peer?.sendSubscriptions("cancel", [bytes]);
  }

  /** The messages from now on, for one reader; ends when the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterator<ZmqMessage> {
    return this.#inbox;
  }

  /** Ends the connection for good. Idempotent. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  /** Closes the socket; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Counts a subscription; true if it is the first to its topic. */
  #add(topic: Uint8Array): boolean {
    if (!this.#topics.add(topic)) return false;
    this.#filter.add(topic, null);
    return true;
  }

  #wants([topic = new Uint8Array(0)]: ZmqMessage): boolean {
    let isWanted = false;
    this.#filter.match(topic, () => isWanted = true);
    return isWanted;
  }

  readonly #onClosed = (): void => {
    this.#inbox.close();
    this.#onReady.resolve();
  };
}
