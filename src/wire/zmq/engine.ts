/**
 * The interface of a transport: it turns bytes into messages and messages into bytes.
 *
 * @module
 */

import type { ZmqPeerInfo } from "./handshake.ts";
import type { ZmqMessage } from "./message.ts";

/**
 * What a peer's bytes mean.
 *
 * - `send`: these bytes must go to the peer now: handshake, PONG.
 * - `ready`: the handshake is over; precedes all of the following.
 * - `message`: a whole message; its frames belong to the receiver.
 * - `subscribe`, `cancel`: sent only to a PUB or XPUB.
 * - `ttl`: from now on the peer counts as gone after this much silence, in milliseconds.
 * - `goodbye`: the peer ends the connection; `reply` is the answer to it.
 * - `violation`: the peer broke the protocol, and `message` says how; this is the last event.
 *   `reply` tells the peer, and is empty if the protocol has no message for that.
 */
export type ZmqEvent =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "ready"; readonly peer: ZmqPeerInfo }
  | { readonly kind: "message"; readonly message: ZmqMessage }
  | { readonly kind: "subscribe" | "cancel"; readonly topic: Uint8Array }
  | { readonly kind: "ttl"; readonly ms: number }
  | { readonly kind: "goodbye"; readonly reply: Uint8Array }
  | { readonly kind: "violation"; readonly message: string; readonly reply: Uint8Array };

/** Writes messages for one kind of peer; peers of the same kind share one encoder. */
export interface MessageEncoder {
  /** Writes a message with all of its frames. */
  encodeMessage(message: ZmqMessage): Uint8Array;
}

/** The protocol of one connection, without its socket. */
export interface ZmqEngine {
  /** Writes messages for this peer; publications are encoded once per encoder. */
  readonly encoder: MessageEncoder;
  /** Whether every living peer must answer {@linkcode ZmqEngine.encodePing}. */
  readonly expectsPong: boolean;
  /** The bytes to send as soon as the connection is open; called once. */
  open(): Uint8Array;
  /** Where to put the next bytes received. */
  space(): Uint8Array;
  /** Reports how many bytes were put there. */
  commit(count: number): void;
  /** Takes bytes that were received before this engine existed; called before anything is received. */
  put(bytes: Uint8Array): void;
  /** The next event, or undefined if more bytes are needed. */
  next(): ZmqEvent | undefined;
  /**
   * Why a peer that ends the connection now does so, as a sentence: many that leave during the
   * handshake do not like this end's socket type. Undefined if there is nothing to say.
   */
  departure(): string | undefined;
  /** Subscribes to a topic of a publisher. */
  encodeSubscribe(topic: Uint8Array): Uint8Array;
  /** Cancels a subscription to a topic. */
  encodeCancel(topic: Uint8Array): Uint8Array;
  /** A ping: the peer has to answer. */
  encodePing(): Uint8Array;
  /** The final message to a peer; empty if the protocol has no such message. */
  encodeGoodbye(): Uint8Array;
  /** The final message to a peer that demands too much; empty if the protocol has none. */
  encodeRefusal(reason: string): Uint8Array;
}
