/**
 * Assembles messages from frames.
 *
 * @module
 */

import type { ZmqEvent } from "./engine.ts";
import { TOPIC_BYTES, type ZmqMessage, type ZmqMessageLimits } from "./message.ts";
import { type SocketType, takesSubscriptions } from "./socket_type.ts";

const CANCEL = 0;
const SUBSCRIBE = 1;

/** Whether more frames of the same message follow. */
export type FramePlace = "more" | "last";

/** The message that a peer is sending, frame by frame. */
export class MessageBuilder {
  readonly #limits: ZmqMessageLimits;
  readonly #takesSubscriptions: boolean;
  #frames: Uint8Array[] = [];
  #bytes = 0;

  /**
   * @param socketType What this end is; PUB and XPUB receive subscriptions.
   * @param limits How large a message may be.
   */
  constructor(socketType: SocketType, limits: ZmqMessageLimits) {
    this.#limits = limits;
    this.#takesSubscriptions = takesSubscriptions(socketType);
  }

  /** Why the next frame is refused, judged by its header; undefined if it is accepted. */
  refusal(frameBytes: number): string | undefined {
    const { messageBytesMax, partsMax } = this.#limits;
    const isTooLong = frameBytes > messageBytesMax ||
      this.#bytes + frameBytes > messageBytesMax + TOPIC_BYTES;
    if (isTooLong) {
      return `Cannot take message: it has more than ${messageBytesMax} bytes`;
    }
    if (this.#frames.length >= partsMax) {
      return `Cannot take message: it has more than ${partsMax} frames`;
    }
    return undefined;
  }

  /** Adds an accepted frame; returns the message or subscription if this frame completes it. */
  add(frame: Uint8Array, place: FramePlace): ZmqEvent | undefined {
    if (place === "more") {
      this.#frames.push(frame);
      this.#bytes += frame.length;
      return undefined;
    }
    if (this.#frames.length === 0) return this.#eventOf([frame], frame[0]);
    this.#frames.push(frame);
    const message = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return { kind: "message", message };
  }

  /** A message of one frame can be a subscription, whatever the peer's version (zws.md 6.4). */
  #eventOf(message: ZmqMessage, mark: number | undefined): ZmqEvent {
    if (this.#takesSubscriptions && (mark === SUBSCRIBE || mark === CANCEL)) {
      const topic = message[0]?.subarray(1) ?? new Uint8Array(0);
      return { kind: mark === SUBSCRIBE ? "subscribe" : "cancel", topic };
    }
    return { kind: "message", message };
  }
}

/** The message by which plain ZeroMQ subscribes to a topic, or cancels it. */
export function subscriptionMessage(action: "subscribe" | "cancel", topic: Uint8Array): ZmqMessage {
  const frame = new Uint8Array(1 + topic.length);
  frame[0] = action === "subscribe" ? SUBSCRIBE : CANCEL;
  frame.set(topic, 1);
  return [frame];
}
