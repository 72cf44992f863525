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
 * - `send`: these bytes have to go to the peer now: handshake, PONG.
 * - `ready`: the handshake is over; comes before all of the following.
 * - `message`: a whole message; its frames belong to the receiver.
 * - `subscribe`, `cancel`: only to a PUB or XPUB.
 * - `ttl`: from now on the peer counts as gone after this time of silence, in milliseconds.
 * - `goodbye`: the peer ends the connection; `reply` is what it is to be answered.
 * - `violation`: the peer broke the protocol, `message` says how; nothing comes after it. `reply` is
 *   what it is to be told, empty if the protocol has no word for it.
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
  /** Whether a peer that lives must answer {@linkcode ZmqEngine.encodePing}. */
  readonly expectsPong: boolean;
  /** The bytes to send as soon as the connection is open; called once. */
  open(): Uint8Array;
  /** Where the next received bytes are to be put. */
  space(): Uint8Array;
  /** Says how many bytes were put there. */
  commit(count: number): void;
  /** Takes bytes that were received before this engine existed; called before anything is received. */
  put(bytes: Uint8Array): void;
  /** The next event, or undefined if more bytes are needed. */
  next(): ZmqEvent | undefined;
  /**
   * What it means if the peer ends the connection now, as a sentence: one that leaves within the
   * handshake often does so because of what this end is. Undefined if it means nothing.
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
  /** The final message to a peer that asks too much; empty if the protocol has no such message. */
  encodeRefusal(reason: string): Uint8Array;
}
