/**
 * Frames of the serial link between the appliance and its microcontroller.
 *
 * ```
 * 7E  address  control 0  control 1  payload…  CRC low  CRC high  7E
 * ```
 *
 * Between the flags every 0x7E and 0x7D is sent as 0x7D and the byte with bit 0x20 turned over.
 *
 * @module
 */

import { crc16 } from "./crc16.ts";

/** Begins and ends a frame; never occurs inside one. */
export const FLAG = 0x7e;
/** Announces that the next byte was changed by {@linkcode ESCAPE_BIT}. */
export const ESCAPE = 0x7d;
/** The bit that escaping turns over. */
export const ESCAPE_BIT = 0x20;

/** Address and the two control bytes. */
export const HEAD_BYTES = 3;
/** Checksum, low byte first. */
export const CRC_BYTES = 2;
/** The largest payload: the newest firmware takes 128 bytes with both flags, before escaping. */
export const PAYLOAD_BYTES_MAX = 121;
/** The largest content between two flags, before escaping. */
export const CONTENT_BYTES_MAX: number = HEAD_BYTES + PAYLOAD_BYTES_MAX + CRC_BYTES;
/** The smallest content between two flags: an acknowledgement. */
export const CONTENT_BYTES_MIN: number = HEAD_BYTES + CRC_BYTES;

/** How many sequence numbers there are: 0 to 127. */
export const NUMBERS = 128;

/** What a frame carries. Each kind has its own address and its own queue. */
export type FrameKind = "alarm" | "command" | "data";

/** The address byte of each {@linkcode FrameKind}. */
export const ADDRESSES: Readonly<Record<FrameKind, number>> = {
  alarm: 0xc0,
  command: 0x80,
  data: 0x40,
};

const ADDRESS_MASK = 0xc0;

/** The low half of control byte 1 in frames without payload. */
const ACKNOWLEDGED = 0x01;
const REFUSED = 0x05;
const CONTROL_MASK = 0x0f;

/**
 * One frame.
 *
 * - `information`: a payload; `number` is N(S), its sequence number.
 * - `acknowledgement`, `refusal` (ACK and NACK): `number` is N(R), the sequence number expected next.
 *
 * `address` is the byte as sent, known or not, 0 to 255; `number` is 0 to 127.
 */
export type Frame =
  | { kind: "information"; address: number; number: number; payload: Uint8Array }
  | { kind: "acknowledgement" | "refusal"; address: number; number: number };

/** The kind that an address byte names, or `undefined` if it names none. Bit 0x20 is reserved. */
export function kindOfAddress(address: number): FrameKind | undefined {
  switch (address & ADDRESS_MASK) {
    case ADDRESSES.alarm:
      return "alarm";
    case ADDRESSES.command:
      return "command";
    case ADDRESSES.data:
      return "data";
    default:
      return undefined;
  }
}

/** The sequence number after `number`, 0 to 127. */
export function nextNumber(number: number): number {
  return (number + 1) % NUMBERS;
}

/**
 * Writes a frame, flags included.
 *
 * @throws {RangeError} if the payload is longer than {@linkcode PAYLOAD_BYTES_MAX}.
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const payload = frame.kind === "information" ? frame.payload : undefined;
  const payloadBytes = payload?.length ?? 0;
  if (payloadBytes > PAYLOAD_BYTES_MAX) {
    throw new RangeError(
      `Cannot encode frame: payload has ${payloadBytes} bytes, must be <= ${PAYLOAD_BYTES_MAX}`,
    );
  }
  const content = new Uint8Array(HEAD_BYTES + payloadBytes + CRC_BYTES);
  content[0] = frame.address;
  // An information frame acknowledges nothing: its N(R) is always 0.
  content[1] = frame.kind === "information" ? 0 : frame.number << 1;
  content[2] = controlOf(frame);
  if (payload !== undefined) content.set(payload, HEAD_BYTES);
  const crcAt = HEAD_BYTES + payloadBytes;
  const crc = crc16(content.subarray(0, crcAt));
  content[crcAt] = crc & 0xff;
  content[crcAt + 1] = crc >>> 8;
  return escaped(content);
}

/**
 * Reads the content between two flags, already unescaped and with a good checksum. The payload is a
 * copy.
 */
export function readContent(content: Uint8Array): Frame {
  const address = content[0] as number;
  const control = content[2] as number;
  switch (control & CONTROL_MASK) {
    case ACKNOWLEDGED:
      return { kind: "acknowledgement", address, number: (content[1] as number) >>> 1 };
    case REFUSED:
      return { kind: "refusal", address, number: (content[1] as number) >>> 1 };
    default: {
      const payload = content.slice(HEAD_BYTES, content.length - CRC_BYTES);
      return { kind: "information", address, number: control >>> 1, payload };
    }
  }
}

function controlOf(frame: Frame): number {
  switch (frame.kind) {
    case "information":
      return frame.number << 1;
    case "acknowledgement":
      return ACKNOWLEDGED;
    case "refusal":
      return REFUSED;
  }
}

function escaped(content: Uint8Array): Uint8Array<ArrayBuffer> {
  // At worst every byte is escaped.
  const bytes = new Uint8Array(2 + 2 * content.length);
  let length = 0;
  bytes[length++] = FLAG;
  for (const byte of content) {
    if (byte === FLAG || byte === ESCAPE) {
      bytes[length++] = ESCAPE;
      bytes[length++] = byte ^ ESCAPE_BIT;
    } else {
      bytes[length++] = byte;
    }
  }
  bytes[length++] = FLAG;
  return bytes.slice(0, length);
}
