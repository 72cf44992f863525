/**
 * The limits of the HTTP server.
 *
 * @module
 */

import { REQUEST_LIMITS, type RequestLimits } from "../../wire/http1/limits.ts";

/** How much time and memory a peer may take. */
export interface HttpLimits extends RequestLimits {
  /** Silence after connecting, in milliseconds. */
  readonly firstByteMs: number;
  /** From the first byte of a head to its last, in milliseconds; bytes do not extend it. */
  readonly headMs: number;
  /** Without a byte of a body that is awaited, in milliseconds. */
  readonly bodyMs: number;
  /** Between two requests, in milliseconds. */
  readonly idleMs: number;
  /** Without progress of what is being sent, in milliseconds. */
  readonly writeStallMs: number;
  /** Replies that may wait to be sent on one connection before no more requests are taken, in bytes. */
  readonly pendingBytes: number;
  /** A body that nobody wants is received and forgotten up to this many bytes, to keep the connection. */
  readonly discardBytes: number;
}

/** The limits unless the user sets others. */
export const HTTP_LIMITS: HttpLimits = {
  ...REQUEST_LIMITS,
  firstByteMs: 10_000,
  headMs: 10_000,
  bodyMs: 10_000,
  idleMs: 15_000,
  writeStallMs: 10_000,
  pendingBytes: 16_384,
  discardBytes: 65_536,
};
