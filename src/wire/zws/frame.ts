/**
 * Messages and commands as WebSocket frames (RFC 45; zws.md sections 1 and 5.1).
 *
 * @module
 */

import { headBytesFor, OPCODE, putFrameHead } from "../websocket/frame.ts";
import type { MessageEncoder } from "../zmq/engine.ts";
import type { ZmqMessage } from "../zmq/message.ts";

/** More frames of the same message follow. */
export const MORE = 0x01;
/** The frame is a command; the value differs from the one over TCP. */
export const COMMAND = 0x02;

/** Writes messages for peers behind a WebSocket, unmasked as servers do. */
export const ZWS_ENCODER: MessageEncoder = {
  encodeMessage(message: ZmqMessage): Uint8Array {
    let length = 0;
    for (const frame of message) length += headBytesFor(frame.length + 1) + frame.length + 1;
    const bytes = new Uint8Array(length);
    let at = 0;
    const last = message.length - 1;
    for (let index = 0; index <= last; index++) {
      at = putBody(bytes, at, message[index] as Uint8Array, index < last ? MORE : 0);
    }
    return bytes;
  },
};

/** Writes a command, unmasked. */
export function encodeCommandFrame(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headBytesFor(body.length + 1) + body.length + 1);
  putBody(bytes, 0, body, COMMAND);
  return bytes;
}

function putBody(target: Uint8Array, at: number, body: Uint8Array, flags: number): number {
  const flagsAt = putFrameHead(target, at, OPCODE.binary, body.length + 1);
  target[flagsAt] = flags;
  target.set(body, flagsAt + 1);
  return flagsAt + 1 + body.length;
}
