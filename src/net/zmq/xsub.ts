/**
 * The subscribing socket that listens for publishers.
 *
 * @module
 */

import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { TopicCounts } from "../../wire/zmq/topic_counts.ts";
import { type ZmqCounters, ZmqHub, type ZmqSocketOptions } from "./hub.ts";
import type { ZmqPeer, ZmqRemote } from "./peer.ts";
import { tellUser } from "../user_callback.ts";

/** Options of {@linkcode ZmqXSub}. */
export interface ZmqXSubOptions extends ZmqSocketOptions {
  /** Called with each message of a publisher. */
  readonly onMessage: (message: ZmqMessage, peer: ZmqRemote) => void;
}

/**
 * An XSUB: subscribes to topics at all publishers, also those that connect later, and receives
 * their messages.
 *
 * @example
 * ```ts
 * import { ZmqPub, ZmqServer, ZmqXSub } from "@pulsebox/pulsebox";
 *
 * const { promise, resolve } = Promise.withResolvers<string>();
 * await using xsub = new ZmqXSub({
 *   onMessage: ([, payload]) => resolve(new TextDecoder().decode(payload)),
 * });
 * xsub.subscribe("weather");
 * await using server = ZmqServer.listen("tcp://127.0.0.1:0", xsub);
 * await using pub = new ZmqPub(server.url);
 * await pub.subscribed("weather");
 * pub.send(["weather", "sunny"]);
 * console.log(await promise); // sunny
 * ```
 */
export class ZmqXSub implements AsyncDisposable {
  /**
   * The peers and their limits.
   *
   * @internal
   */
  readonly hub: ZmqHub;
  readonly #wanted = new TopicCounts();

  /**
   * Makes a socket without peers.
   *
   * @param options The callback for messages, and limits.
   */
  constructor(options: ZmqXSubOptions) {
    this.hub = new ZmqHub("XSUB", {
      // Send subscriptions in one write with the handshake where possible: what a publisher sends
      // before it knows them is lost.
      onReady: (peer) =>
        peer.sendSubscriptions(
          "subscribe",
          this.#wanted.has(EVERYTHING) && onlyFilters(peer) ? [EVERYTHING] : this.#wanted.all(),
        ),
      onMessage: (peer, message) => tellUser(options.onMessage, message, peer),
      onEnd: () => undefined,
    }, options);
  }

  /** The counters so far. */
  get counters(): ZmqCounters {
    return this.hub.counters;
  }

  /**
   * Subscribes to a topic at all publishers; an empty topic means everything. Bytes, or text as
   * UTF-8. Subscriptions are counted, as in ZeroMQ: whoever subscribes twice has to unsubscribe
   * twice.
   */
  subscribe(topic: Uint8Array | string): void {
    const bytes = typeof topic === "string" ? new TextEncoder().encode(topic) : topic;
    if (this.#wanted.add(bytes)) this.#tell("subscribe", bytes);
  }

  /** Cancels one subscription to a topic. */
  unsubscribe(topic: Uint8Array | string): void {
    const bytes = typeof topic === "string" ? new TextEncoder().encode(topic) : topic;
    if (this.#wanted.remove(bytes)) this.#tell("cancel", bytes);
  }

  /** Disconnects all peers. Idempotent. */
  close(): Promise<void> {
    return this.hub.close();
  }

  /** Disconnects all peers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tell(action: "subscribe" | "cancel", topic: Uint8Array): void {
    for (const peer of this.hub.peers) {
      if (!onlyFilters(peer)) peer.sendSubscriptions(action, [topic]);
      else if (topic.length === 0) this.#turn(peer, action);
      else if (!this.#wanted.has(EVERYTHING)) peer.sendSubscriptions(action, [topic]);
    }
  }

  /** Switches a publisher that only filters between the empty topic and all other topics. */
  #turn(peer: ZmqPeer, action: "subscribe" | "cancel"): void {
    const others = this.#wanted.all().filter((topic) => topic.length > 0);
    if (action === "subscribe") {
      peer.sendSubscriptions("subscribe", [EVERYTHING]);
      peer.sendSubscriptions("cancel", others);
    } else {
      peer.sendSubscriptions("subscribe", others);
      peer.sendSubscriptions("cancel", [EVERYTHING]);
    }
  }
}

const EVERYTHING = new Uint8Array(0);

/**
 * Whether a peer uses subscriptions only to filter: a PUB, unlike an XPUB, does not show them to
 * its program. For a PUB, a subscription to everything makes the others redundant. Sending the
 * subscriptions of many subscribers to many publishers would take as many messages as the product
 * of both.
 */
function onlyFilters(peer: ZmqPeer): boolean {
  return peer.info?.socketType === "PUB";
}
