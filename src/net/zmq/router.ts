/**
 * The answering socket (ROUTER) that listens for requests.
 *
 * @module
 */

import { joinEnvelope, splitEnvelope } from "../../wire/zmq/envelope.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { type ZmqCounters, ZmqHub, type ZmqSocketOptions } from "./hub.ts";
import type { ZmqPeer, ZmqRemote } from "./peer.ts";
import { reportFault } from "../user_callback.ts";
import { inBackground } from "../background.ts";

/** The peer that sent a request, for one reply or several. */
export interface ZmqRequestInfo {
  /** The peer. */
  readonly peer: ZmqRemote;
}

/** Options of {@linkcode ZmqRouter}. */
export interface ZmqRouterOptions extends ZmqSocketOptions {
  /**
   * Answers a request, at once or later. The reply goes to the requester, in the same envelope;
   * with undefined, no reply is sent. Replies to one peer are sent in the order of its requests.
   */
  readonly onRequest: (
    request: ZmqMessage,
    info: ZmqRequestInfo,
  ) => ZmqReply | Promise<ZmqReply>;
  /**
   * Called with errors of `onRequest`; they go to standard error if not given. The peer gets no
   * reply.
   */
  readonly onError?: (error: unknown) => void;
}

/** A reply: frames as bytes or as text, sent as UTF-8. */
export type ZmqReply = readonly (Uint8Array | string)[] | undefined;

/** The most requests of one peer that are in progress at once. */
const PENDING_MAX = 1_000;
/** Backpressure: while a peer has more unread replies than this, nothing is read from it. */
const PAUSE_BYTES = 262_144;

/**
 * A ROUTER that answers REQ and DEALER peers, whatever envelope they use. It identifies peers by
 * their connection, so that two with the same routing id do not get each other's replies.
 *
 * @example
 * ```ts
 * import { ZmqReq, ZmqRouter, ZmqServer } from "@pulsebox/pulsebox";
 *
 * await using router = new ZmqRouter({ onRequest: ([word]) => ["pong", word ?? ""] });
 * await using server = ZmqServer.listen("ws://127.0.0.1:0/req", router);
 * await using req = new ZmqReq(server.url);
 * const [reply] = await req.request(["ping"]);
 * console.log(new TextDecoder().decode(reply)); // pong
 * ```
 */
export class ZmqRouter implements AsyncDisposable {
  /**
   * The peers and their limits.
   *
   * @internal
   */
  readonly hub: ZmqHub;
  readonly #options: ZmqRouterOptions;
  /** For each peer with pending replies: the last of them, and their number. */
  readonly #pending = new Map<ZmqPeer, { last: Promise<void>; count: number }>();

  /**
   * Makes a socket without peers.
   *
   * @param options The function that answers, and limits.
   */
  constructor(options: ZmqRouterOptions) {
    this.#options = options;
    this.hub = new ZmqHub("ROUTER", {
      onReady: () => undefined,
      onMessage: (peer, message) => this.#onMessage(peer, message),
      onEnd: (peer) => void this.#pending.delete(peer),
    }, { ...options, limits: { pauseBytes: PAUSE_BYTES, ...options.limits } });
  }

  /** The counters so far. */
  get counters(): ZmqCounters {
    return this.hub.counters;
  }

  /** Disconnects all peers. Idempotent. */
  close(): Promise<void> {
    return this.hub.close();
  }

  /** Disconnects all peers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #onMessage(peer: ZmqPeer, message: ZmqMessage): void {
    const { envelope, body } = splitEnvelope(message);
    // A probe: one empty frame, sent by some clients right after connecting (zws.md 5.2).
    if (body.length === 0) return;
    try {
      const reply = this.#options.onRequest(body, { peer });
      const earlier = this.#pending.get(peer);
      if (reply instanceof Promise) this.#later(peer, envelope, reply, earlier);
      else if (earlier !== undefined) this.#later(peer, envelope, Promise.resolve(reply), earlier);
      else this.#answer(peer, envelope, reply);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #later(
    peer: ZmqPeer,
    envelope: ZmqMessage,
    reply: Promise<ZmqReply>,
    earlier: { last: Promise<void>; count: number } | undefined,
  ): void {
    const pending = earlier ?? { last: Promise.resolve(), count: 0 };
    const settled = reply.catch(this.#onFault);
    if (++pending.count > PENDING_MAX) return peer.close("queue-full");
    const answer = this.#answerAfter(pending.last, peer, envelope, settled);
    pending.last = inBackground(answer.finally(() => {
      if (--pending.count === 0 && this.#pending.get(peer) === pending) this.#pending.delete(peer);
    }));
    this.#pending.set(peer, pending);
  }

  async #answerAfter(
    last: Promise<void>,
    peer: ZmqPeer,
    envelope: ZmqMessage,
    settled: Promise<ZmqReply>,
  ): Promise<void> {
    await last;
    try {
      this.#answer(peer, envelope, await settled);
    } catch (error) {
      // The handler did not return a message.
      this.#onFault(error);
    }
  }

  readonly #onFault = (error: unknown): undefined => reportFault(error, this.#options.onError);

  #answer(peer: ZmqPeer, envelope: ZmqMessage, reply: ZmqReply): void {
    if (reply === undefined) return;
    const frames = reply.map((frame) =>
      typeof frame === "string" ? new TextEncoder().encode(frame) : frame
    );
    peer.sendMessage(joinEnvelope(envelope, frames));
  }
}
