/**
 * Messages of ZeroMQ: one or more frames that arrive together or not at all.
 *
 * @module
 */

/** One message: its frames in order, at least one; a frame may be empty. */
export type ZmqMessage = readonly Uint8Array[];

/** How much one peer may send in one message. */
export interface ZmqMessageLimits {
  /**
   * Bytes of a message's frames; 1 048 576. Topic and envelope may add 4 096. A peer that exceeds
   * this is disconnected.
   */
  readonly messageBytesMax: number;
  /** Frames of one message; 64. */
  readonly partsMax: number;
}

/** The limits unless the user sets others. */
export const ZMQ_MESSAGE_LIMITS: ZmqMessageLimits = { messageBytesMax: 1_048_576, partsMax: 64 };

/** Room for the frames around a payload of the largest size, in bytes. */
export const TOPIC_BYTES = 4_096;

/** The longest command of a handshake in bytes: names, addresses, credentials. */
export const HANDSHAKE_BYTES_MAX = 8_192;

/** Bytes of all frames of a message together. */
export function messageBytes(message: ZmqMessage): number {
  let bytes = 0;
  for (const frame of message) bytes += frame.length;
  return bytes;
}

/**
 * Refuses a message without frames.
 *
 * @throws {RangeError} if the message has no frames.
 */
export function assertFrames(message: readonly unknown[]): void {
  if (message.length === 0) throw new RangeError("Cannot send message: it has no frames");
}
