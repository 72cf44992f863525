/**
 * Frames of ZMTP 3.x (RFC 37; zws.md section 6.2).
 *
 * @module
 */

import type { MessageEncoder } from "../zmq/engine.ts";
import type { ZmqMessage } from "../zmq/message.ts";

/** More frames of the same message follow. */
export const MORE = 0x01;
/** The length has eight bytes. */
export const LONG = 0x02;
/** The frame is a command. */
export const COMMAND = 0x04;
/** All flags that are defined. */
export const KNOWN_FLAGS: number = MORE | LONG | COMMAND;

/** Bytes of a frame whose length is one byte. */
const SHORT_BYTES_MAX = 255;
/** Flags and one byte of length. */
const SHORT_HEAD_BYTES = 2;
/** Flags and eight bytes of length. */
const LONG_HEAD_BYTES = 9;
const LENGTH_UNIT = 2 ** 32;

/** The header of a frame. */
export interface FrameHead {
  readonly flags: number;
  /** Length of the body in bytes; inexact above 2^53, but such a frame is refused anyway. */
  readonly bodyBytes: number;
  /** Length of the header itself, in bytes. */
  readonly headBytes: number;
}

/** Reads the header of a frame, or returns undefined if it is not complete. */
export function parseFrameHead(
  bytes: Uint8Array,
  start: number,
  end: number,
): FrameHead | undefined {
  if (end - start < SHORT_HEAD_BYTES) return undefined;
  const flags = bytes[start] as number;
  if ((flags & LONG) === 0) {
    return { flags, bodyBytes: bytes[start + 1] as number, headBytes: SHORT_HEAD_BYTES };
  }
  if (end - start < LONG_HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + 1, 8);
  const bodyBytes = view.getUint32(0) * LENGTH_UNIT + view.getUint32(4);
  return { flags, bodyBytes, headBytes: LONG_HEAD_BYTES };
}

/** Writes a command. */
export function encodeCommandFrame(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameBytes(body));
  putFrame(frame, 0, body, COMMAND);
  return frame;
}

/** Writes messages for peers on TCP. */
export const ZMTP_ENCODER: MessageEncoder = {
  encodeMessage(message: ZmqMessage): Uint8Array {
    let length = 0;
    for (const frame of message) length += frameBytes(frame);
    const bytes = new Uint8Array(length);
    let at = 0;
    const last = message.length - 1;
    for (let index = 0; index <= last; index++) {
      at = putFrame(bytes, at, message[index] as Uint8Array, index < last ? MORE : 0);
    }
    return bytes;
  },
};

function frameBytes(body: Uint8Array): number {
  return body.length + (body.length > SHORT_BYTES_MAX ? LONG_HEAD_BYTES : SHORT_HEAD_BYTES);
}

function putFrame(target: Uint8Array, at: number, body: Uint8Array, flags: number): number {
  if (body.length > SHORT_BYTES_MAX) {
    target[at] = flags | LONG;
    const view = new DataView(target.buffer, target.byteOffset + at + 1, 8);
    view.setUint32(0, Math.floor(body.length / LENGTH_UNIT));
    view.setUint32(4, body.length % LENGTH_UNIT);
    at += LONG_HEAD_BYTES;
  } else {
    target[at] = flags;
    target[at + 1] = body.length;
    at += SHORT_HEAD_BYTES;
  }
  target.set(body, at);
  return at + body.length;
}
