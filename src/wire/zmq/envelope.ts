/**
 * The envelope: the frames before a request that route its reply (zws.md section 5.2).
 *
 * @module
 */

import type { ZmqMessage } from "./message.ts";

/** The longest frame of an envelope in bytes: routing ids have up to 255. */
const ENVELOPE_FRAME_BYTES_MAX = 255;
/** The most frames of an envelope: a request id, and a routing id for each device on the way. */
const ENVELOPE_FRAMES_MAX = 16;

const EMPTY = new Uint8Array(0);

/** A request, split into its two parts. */
export interface Enveloped {
  /** Goes back unchanged before the reply; empty if the peer uses no envelope. */
  readonly envelope: ZmqMessage;
  /** The body; without frames if the message is a probe. */
  readonly body: ZmqMessage;
}

/**
 * Splits a request at its first empty frame, if only short frames precede it and something follows
 * it. A DEALER may send no envelope; then the whole message is the request.
 */
export function splitEnvelope(message: ZmqMessage): Enveloped {
  if (message.length === 1 && message[0]?.length === 0) return { envelope: message, body: [] };
  const most = Math.min(message.length - 1, ENVELOPE_FRAMES_MAX);
  for (let index = 0; index < most; index++) {
    const frame = message[index] as Uint8Array;
    if (frame.length === 0) {
      return { envelope: message.slice(0, index + 1), body: message.slice(index + 1) };
    }
    if (frame.length > ENVELOPE_FRAME_BYTES_MAX) break;
  }
  return { envelope: [], body: message };
}

/** Puts a reply into its envelope; a reply without frames gets an empty frame, or peers discard it. */
export function joinEnvelope(envelope: ZmqMessage, body: ZmqMessage): ZmqMessage {
  return [...envelope, ...(body.length === 0 ? [EMPTY] : body)];
}
