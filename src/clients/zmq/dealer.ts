/**
 * The requesting socket that sends and receives in any order.
 *
 * @module
 */

import { type ZmqConnectOptions, ZmqLink } from "../../net/zmq/link.ts";
import type { ZmqPeer, ZmqSendResult } from "../../net/zmq/peer.ts";
import { messageBytes, type ZmqMessage } from "../../wire/zmq/message.ts";
import { framesOf, type ZmqOutgoing } from "./frames.ts";
import { Inbox, type InboxOptions } from "../inbox.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { ZMQ_DEALER_CHECKS } from "../option_ranges.ts";

/** Options of {@linkcode ZmqDealer}. */
export interface ZmqDealerOptions extends ZmqConnectOptions, InboxOptions {
  /** The most messages that wait for a connection; 1 000. Further ones are dropped. */
  readonly unconnectedMax?: number;
}

/** Messages that wait for a connection, unless told otherwise. */
const UNCONNECTED_MAX_DEFAULT = 1_000;
/** Bytes of the messages that wait for a connection. */
const UNCONNECTED_BYTES_MAX = 4_194_304;

/**
 * A DEALER: sends messages as they are and receives whatever comes back; any number may be pending
 * at once. A REP needs an empty frame before each message.
 *
 * @example
 * ```ts
 * import { ZmqDealer, ZmqRouter, ZmqServer } from "@pulsebox/pulsebox";
 *
 * await using router = new ZmqRouter({ onRequest: (request) => request });
 * await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
 * await using dealer = new ZmqDealer(server.url);
 * dealer.send(["one"]);
 * dealer.send(["two"]);
 * for await (const [frame] of dealer) {
 *   const text = new TextDecoder().decode(frame);
 *   console.log(text);
 *   if (text === "two") break;
 * }
 * ```
 */
export class ZmqDealer implements AsyncIterable<ZmqMessage>, AsyncDisposable {
  readonly #link: ZmqLink;
  readonly #inbox: Inbox<ZmqMessage>;
  readonly #unconnectedMax: number;
  #unconnected: ZmqMessage[] = [];
  #unconnectedBytes = 0;
  #unsent = 0;
  /** For each message that the connection may still hold, where it ends in the bytes sent. */
  #ends: number[] = [];

  /**
   * Connects in the background.
   *
   * @param url `tcp://HOST:PORT`, `ws://HOST:PORT/PATH` or `wss://HOST:PORT/PATH`.
   * @param options Limits.
   * @throws {TypeError} if the URL is none of these, or an option is unknown.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(url: string, options: ZmqDealerOptions = {}) {
    checkOptions("ZeroMQ socket", options, ZMQ_DEALER_CHECKS);
    this.#inbox = new Inbox<ZmqMessage>(options);
    this.#unconnectedMax = options.unconnectedMax ?? UNCONNECTED_MAX_DEFAULT;
    this.#link = new ZmqLink(url, "DEALER", {
      onReady: (peer) => this.#flush(peer),
      onMessage: (_, message) => this.#inbox.push(message),
      onEnd: (peer) => this.#countLost(peer),
      hasUnsent: () => this.#unconnected.length > 0,
    }, options);
    this.#link.closed.addEventListener("abort", () => this.#inbox.close());
    if (this.#link.closed.aborted) this.#inbox.close();
  }

  /** Whether there is a connection. */
  get isConnected(): boolean {
    return this.#link.peer !== undefined;
  }

  /**
   * Number of dropped messages: not sent in time, or not read in time. After a close, this includes
   * messages that the system did not take during the goodbye.
   */
  get dropped(): number {
    return this.#unsent + this.#inbox.dropped;
  }

  /**
   * Sends a message, or keeps it until there is a connection. Never waits.
   *
   * @param message Its frames must not change afterwards.
   */
  send(message: ZmqOutgoing): ZmqSendResult {
    const frames = framesOf(message);
    if (this.#link.closed.aborted) return "closed";
    const { peer } = this.#link;
    const result = peer === undefined ? this.#keep(frames) : this.#sendTo(peer, frames);
    if (result !== "sent") this.#unsent++;
    return result;
  }

  /** The messages from now on, for one reader; ends when the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterator<ZmqMessage> {
    return this.#inbox;
  }

  /**
   * Ends the connection for good; messages already sent have half a second to go out. Idempotent.
   */
  async close(): Promise<void> {
    await this.#link.close();
    this.#unsent += this.#unconnected.length;
    this.#unconnected = [];
  }

  /** Closes the socket; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #keep(frames: ZmqMessage): ZmqSendResult {
    const bytes = this.#unconnectedBytes + messageBytes(frames);
    if (this.#unconnected.length >= this.#unconnectedMax || bytes > UNCONNECTED_BYTES_MAX) {
      return "dropped";
    }
    this.#unconnected.push(frames);
    this.#unconnectedBytes = bytes;
    return "sent";
  }

  #flush(peer: ZmqPeer): void {
    this.#unconnectedBytes = 0;
    for (const message of this.#unconnected.splice(0)) {
      if (this.#sendTo(peer, message) !== "sent") this.#unsent++;
    }
  }

  #sendTo(peer: ZmqPeer, message: ZmqMessage): ZmqSendResult {
    const { connection } = peer;
    if (connection.queueBytes === 0) this.#ends = [];
    const result = peer.sendMessage(message);
    if (result === "sent") this.#ends.push(connection.sentBytes + connection.queueBytes);
    return result;
  }

  /** Counts messages that a connection took but could not send. */
  #countLost({ connection }: ZmqPeer): void {
    this.#unsent += this.#ends.filter((end) => end > connection.sentBytes).length;
    this.#ends = [];
  }
}
