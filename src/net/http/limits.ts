/**
 * The limits of the HTTP server.
 *
 * @module
 */

import { REQUEST_LIMITS, type RequestLimits } from "../../wire/http1/limits.ts";

/** How much time and memory one peer may use. */
export interface HttpLimits extends RequestLimits {
  /** Timeout for the first byte after connecting, in milliseconds. */
  readonly firstByteMs: number;
  /**
   * Timeout from the first byte of a head to its last, in milliseconds; bytes do not extend it.
   */
  readonly headMs: number;
  /** Timeout for the next byte of an awaited body, in milliseconds. */
  readonly bodyMs: number;
  /** Timeout between two requests, in milliseconds. */
  readonly idleMs: number;
  /** Timeout without progress of a pending write, in milliseconds. */
  readonly writeStallMs: number;
  /** The most bytes of unsent replies on one connection; above it, no more requests are read. */
  readonly pendingBytes: number;
  /**
   * An unwanted body of up to this many bytes is received and discarded, to keep the connection.
   */
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
