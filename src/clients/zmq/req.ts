/**
 * The requesting socket: one request, one reply.
 *
 * @module
 */

import { type ZmqConnectOptions, ZmqLink } from "../../net/zmq/link.ts";
import type { ZmqPeer } from "../../net/zmq/peer.ts";
import { splitEnvelope } from "../../wire/zmq/envelope.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { ZmqError } from "../../net/zmq/error.ts";
import { framesOf, type ZmqOutgoing } from "./frames.ts";
import { Timer } from "../../net/timer.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { ZMQ_LINK_CHECKS } from "../../net/zmq/link_ranges.ts";
import { ZMQ_REQUEST_CHECKS } from "../option_ranges.ts";

/** Options of one {@linkcode ZmqReq.request}. */
export interface ZmqRequestOptions {
  /**
   * Timeout of everything, in milliseconds: a connection, earlier requests, the reply; 5 000.
   */
  readonly timeoutMs?: number;
  /** Gives up when aborted. */
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS_DEFAULT = 5_000;
/** The most requests that wait for their turn. */
const WAITING_MAX = 1_000;
const DELIMITER = new Uint8Array(0);

/** One request until its end. */
interface Question {
  readonly frames: ZmqMessage;
  readonly answer: (reply: ZmqMessage) => void;
  readonly fail: (error: ZmqError) => void;
}

/**
 * A REQ: sends a request, waits for the reply, sends the next. A request without a reply does not
 * block later ones: the connection is closed, so that a late reply cannot be taken for theirs.
 *
 * @example
 * ```ts ignore
 * import { ZmqReq } from "@pulsebox/pulsebox";
 *
 * await using req = new ZmqReq("ws://10.0.0.7:6969/zmq/req");
 * const [word, id, state] = await req.request(["GetClientState", "1"]);
 * console.log(word, id, state);
 * ```
 */
export class ZmqReq implements AsyncDisposable {
  readonly #link: ZmqLink;
  readonly #url: string;
  readonly #waiting: Question[] = [];
  #asked: Question | undefined;

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
    this.#url = url;
    this.#link = new ZmqLink(url, "REQ", {
      onReady: () => this.#askNext(),
      onMessage: (peer, message) => this.#onReply(peer, message),
      onEnd: () => this.#failAsked("dropped", "the connection ended"),
    }, options);
    this.#link.closed.addEventListener("abort", this.#onClosed);
  }

  /** Whether there is a connection. */
  get isConnected(): boolean {
    return this.#link.peer !== undefined;
  }

  /**
   * Sends a request; requests are answered one after the other, in the order in which they were
   * made.
   *
   * @param message Its frames must not change afterwards.
   * @param options Limits of this request.
   * @return The reply, without the envelope.
   * @throws {ZmqError} if there is no reply.
   * @throws {RangeError} if the message has no frames or the limit is out of range.
   */
  async request(message: ZmqOutgoing, options: ZmqRequestOptions = {}): Promise<ZmqMessage> {
    const { timeoutMs = TIMEOUT_MS_DEFAULT, signal } = options;
    checkOptions("request", options, ZMQ_REQUEST_CHECKS);
    const { promise, resolve, reject } = Promise.withResolvers<ZmqMessage>();
    const question = { frames: framesOf(message), answer: resolve, fail: reject };
    const giveUp = () => this.#drop(question, "aborted", "given up");
    if (this.#link.closed.aborted) throw this.#error("closed", "the socket is closed");
    if (signal?.aborted) throw this.#error("aborted", "given up");
    if (this.#waiting.length >= WAITING_MAX) {
      throw this.#error("dropped", `${WAITING_MAX} requests wait already`);
    }
    this.#waiting.push(question);
    using _ = Timer.after(
      timeoutMs,
      () => this.#drop(question, "timeout", this.#lateText(timeoutMs)),
    );
    signal?.addEventListener("abort", giveUp);
    this.#askNext();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Ends the connection for good; pending requests fail. Idempotent. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  /** Closes the socket; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #askNext(): void {
    const { peer } = this.#link;
    if (peer === undefined || this.#asked !== undefined) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    const result = peer.sendMessage([DELIMITER, ...question.frames]);
    // A connection that has ended takes nothing; the next one will.
    if (result === "closed") this.#waiting.unshift(question);
    else this.#asked = question;
  }

  #onReply(_: ZmqPeer, message: ZmqMessage): void {
    const { envelope, body } = splitEnvelope(message);
    // Only a message that begins with the delimiter is a reply; others are discarded (zws.md 5.2).
    if (this.#asked === undefined || envelope.length !== 1 || body.length === 0) return;
    const { answer } = this.#asked;
    this.#asked = undefined;
    answer(body);
    this.#askNext();
  }

  #drop(question: Question, kind: "timeout" | "aborted", detail: string): void {
    question.fail(this.#error(kind, detail));
    const place = this.#waiting.indexOf(question);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (this.#asked !== question) return;
    this.#asked = undefined;
    this.#link.reconnect();
  }

  #lateText(timeoutMs: number): string {
    const { problem } = this.#link;
    return `no reply within ${timeoutMs} ms${problem === undefined ? "" : `: ${problem}`}`;
  }

  #failAsked(kind: "dropped" | "closed", detail: string): void {
    this.#asked?.fail(this.#error(kind, detail));
    this.#asked = undefined;
  }

  #error(kind: ZmqError["kind"], detail: string): ZmqError {
    return new ZmqError(kind, `Cannot get reply from ${this.#url}: ${detail}`);
  }

  readonly #onClosed = (): void => {
    this.#failAsked("closed", "the socket was closed");
    for (const { fail } of this.#waiting.splice(0)) {
      fail(this.#error("closed", "the socket was closed"));
    }
  };
}
