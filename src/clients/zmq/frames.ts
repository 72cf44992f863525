/**
 * Messages as programs write them.
 *
 * @module
 */

import { assertFrames, type ZmqMessage } from "../../wire/zmq/message.ts";

/** A message to send: its frames, as bytes or as text that is sent as UTF-8; at least one. */
export type ZmqOutgoing = readonly (Uint8Array | string)[];

const UTF8 = new TextEncoder();

/**
 * Encodes the texts of a message.
 *
 * @throws {RangeError} if the message has no frames.
 */
export function framesOf(message: ZmqOutgoing): ZmqMessage {
  assertFrames(message);
  return message.map(bytesOf);
}

/** Encodes text as UTF-8. */
export function bytesOf(text: Uint8Array | string): Uint8Array {
  return typeof text === "string" ? UTF8.encode(text) : text;
}
