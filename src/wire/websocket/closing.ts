/**
 * The close frames of WebSocket: their contents, and why a connection ends (RFC 6455 section 7).
 *
 * @module
 */

import { CONTROL_BYTES_MAX, encodeFrame, OPCODE } from "./frame.ts";

/** The codes that we send (RFC 6455 section 7.4.1). */
export const CLOSE_CODE = {
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  invalidText: 1007,
  policyViolation: 1008,
  tooBig: 1009,
} as const;

/** One of the codes that we send. */
export type CloseCode = typeof CLOSE_CODE[keyof typeof CLOSE_CODE];

/** Why a frame is refused, and the close code that tells its sender. */
export interface CloseFault {
  readonly code: CloseCode;
  /** What follows "Cannot take frame: ". */
  readonly reason: string;
}

const CODE_BYTES = 2;
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Codes from 1000 on that a frame may carry; 1004, 1005, 1006 and 1015 must never be sent. */
const ASSIGNED: ReadonlySet<number> = new Set(
  [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014],
);
/** The first code of libraries and applications (RFC 6455 section 7.4.2). */
const FREE_CODE_MIN = 3000;
/** The last code of libraries and applications (RFC 6455 section 7.4.2). */
const FREE_CODE_MAX = 4999;

/** What is wrong with the payload of a close frame; undefined if its code may be sent back. */
export function closeFaultOf(payload: Uint8Array): CloseFault | undefined {
  if (payload.length === 0) return undefined;
  if (payload.length < CODE_BYTES) {
    return { code: CLOSE_CODE.protocolError, reason: "half a close code is no code" };
  }
  const code = closeCodeOf(payload);
  const isFree = code >= FREE_CODE_MIN && code <= FREE_CODE_MAX;
  if (!isFree && !ASSIGNED.has(code)) {
    return { code: CLOSE_CODE.protocolError, reason: `no peer may close with the code ${code}` };
  }
  try {
    STRICT_UTF8.decode(payload.subarray(CODE_BYTES));
  } catch {
    return { code: CLOSE_CODE.invalidText, reason: "the reason of the close is not UTF-8" };
  }
  return undefined;
}

/** Writes an unmasked close frame; a reason that is too long is cut. */
export function encodeClose(code: CloseCode, reason = ""): Uint8Array {
  const payload = new Uint8Array(CONTROL_BYTES_MAX);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  // `encodeInto` never cuts a character in half.
  const { written } = new TextEncoder().encodeInto(reason, payload.subarray(CODE_BYTES));
  return encodeFrame(OPCODE.close, payload.subarray(0, CODE_BYTES + written));
}

function closeCodeOf(payload: Uint8Array): number {
  return ((payload[0] as number) << 8) | (payload[1] as number);
}
