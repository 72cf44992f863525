/**
 * Frames of WebSocket (RFC 6455 section 5).
 *
 * @module
 */

/** Kinds of frame. */
export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** The last frame of a message. */
export const FIN = 0x80;
const RESERVED = 0x70;
const OPCODE_BITS = 0x0f;
const MASKED = 0x80;
const LENGTH_BITS = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Bytes of a body whose length is in the first two bytes of its frame (RFC 6455 section 5.2). */
const SHORT_BYTES_MAX = 125;
/** Bytes of a body whose length has 16 bits (RFC 6455 section 5.2). */
const BYTES_16_MAX = 0xffff;
const LENGTH_UNIT = 2 ** 32;
const MASK_BYTES = 4;

/** Longest body of a control frame in bytes. */
export const CONTROL_BYTES_MAX: number = SHORT_BYTES_MAX;

/** The header of a frame. */
export interface FrameHead {
  /** Whether it is the last frame of its message. */
  readonly isLast: boolean;
  /** One of {@linkcode OPCODE}, or an unknown opcode. */
  readonly opcode: number;
  /** Bits that only extensions use; 0 in every frame that is accepted. */
  readonly reserved: number;
  /** Length of the payload in bytes; inexact above 2^53. */
  readonly payloadBytes: number;
  /** Length of the header in bytes, including the mask. */
  readonly headBytes: number;
  /** Whether the payload is masked; the mask is the last four bytes of the header. */
  readonly isMasked: boolean;
}

/** Reads the header of a frame, or returns undefined if it is not complete. */
export function parseFrameHead(
  bytes: Uint8Array,
  start: number,
  end: number,
): FrameHead | undefined {
  const available = end - start;
  if (available < 2) return undefined;
  const first = bytes[start] as number;
  const second = bytes[start + 1] as number;
  const isMasked = (second & MASKED) !== 0;
  let payloadBytes = second & LENGTH_BITS;
  let headBytes = 2 + (isMasked ? MASK_BYTES : 0);
  if (payloadBytes === LENGTH_16) {
    headBytes += 2;
    if (available < headBytes) return undefined;
    payloadBytes = ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number);
  } else if (payloadBytes === LENGTH_64) {
    headBytes += 8;
    if (available < headBytes) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + start + 2, 8);
    payloadBytes = view.getUint32(0) * LENGTH_UNIT + view.getUint32(4);
  } else if (available < headBytes) {
    return undefined;
  }
  return {
    isLast: (first & FIN) !== 0,
    opcode: first & OPCODE_BITS,
    reserved: first & RESERVED,
    payloadBytes,
    headBytes,
    isMasked,
  };
}

/** Length of a frame's header without a mask, in bytes. */
export function headBytesFor(payloadBytes: number): number {
  if (payloadBytes <= SHORT_BYTES_MAX) return 2;
  return payloadBytes <= BYTES_16_MAX ? 4 : 10;
}

/**
 * Writes the header of an unmasked frame that is a whole message.
 *
 * @return Where the payload starts.
 */
export function putFrameHead(
  target: Uint8Array,
  at: number,
  opcode: number,
  payloadBytes: number,
): number {
  target[at] = FIN | opcode;
  if (payloadBytes <= SHORT_BYTES_MAX) {
    target[at + 1] = payloadBytes;
    return at + 2;
  }
  if (payloadBytes <= BYTES_16_MAX) {
    target[at + 1] = LENGTH_16;
    target[at + 2] = payloadBytes >> 8;
    target[at + 3] = payloadBytes & 0xff;
    return at + 4;
  }
  target[at + 1] = LENGTH_64;
  const view = new DataView(target.buffer, target.byteOffset + at + 2, 8);
  view.setUint32(0, Math.floor(payloadBytes / LENGTH_UNIT));
  view.setUint32(4, payloadBytes % LENGTH_UNIT);
  return at + 10;
}

/** Writes a whole message as one unmasked frame, as servers do. */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headBytesFor(payload.length) + payload.length);
  frame.set(payload, putFrameHead(frame, 0, opcode, payload.length));
  return frame;
}

/**
 * Masks frames, as clients have to.
 *
 * @param frames Unmasked frames, one after the other.
 * @param makeMask Returns four random bytes as a number, once for each frame.
 */
export function maskFrames(frames: Uint8Array, makeMask: () => number): Uint8Array {
  let count = 0;
  for (let at = 0; at < frames.length; count++) at = frameEnd(frames, at);
  const masked = new Uint8Array(frames.length + count * MASK_BYTES);
  let to = 0;
  for (let at = 0; at < frames.length;) {
    const end = frameEnd(frames, at);
    const headBytes = lengthOfHead(frames, at);
    masked.set(frames.subarray(at, at + headBytes), to);
    masked[to + 1] = (masked[to + 1] as number) | MASKED;
    to += headBytes;
    new DataView(masked.buffer).setUint32(to, makeMask());
    const mask = masked.subarray(to, to + MASK_BYTES);
    to += MASK_BYTES;
    const payload = masked.subarray(to, to + end - at - headBytes);
    payload.set(frames.subarray(at + headBytes, end));
    unmask(payload, mask);
    to += payload.length;
    at = end;
  }
  return masked;
}

/** Applies a mask of four bytes in place; applying it again removes it (RFC 6455 section 5.3). */
export function unmask(payload: Uint8Array, mask: Uint8Array): void {
  const [a, b, c, d] = mask as unknown as [number, number, number, number];
  const whole = payload.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    payload[at] = (payload[at] as number) ^ a;
    payload[at + 1] = (payload[at + 1] as number) ^ b;
    payload[at + 2] = (payload[at + 2] as number) ^ c;
    payload[at + 3] = (payload[at + 3] as number) ^ d;
  }
  for (let at = whole; at < payload.length; at++) {
    payload[at] = (payload[at] as number) ^ (mask[at & 3] as number);
  }
}

function lengthOfHead(frames: Uint8Array, at: number): number {
  const length = (frames[at + 1] as number) & LENGTH_BITS;
  return length === LENGTH_16 ? 4 : length === LENGTH_64 ? 10 : 2;
}

function frameEnd(frames: Uint8Array, at: number): number {
  const head = parseFrameHead(frames, at, frames.length);
  return head === undefined ? frames.length : at + head.headBytes + head.payloadBytes;
}
