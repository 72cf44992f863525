/**
 * The ranges of all numbers that ZeroMQ sockets take.
 *
 * @module
 */

import { DURATION_RANGE, type Ranges } from "../../core/option_ranges.ts";

/** Of every socket. */
const LIMIT_RANGES: Ranges<
  | "messageBytesMax"
  | "partsMax"
  | "handshakeMs"
  | "unsentBytes"
  | "pauseBytes"
  | "heartbeatMs"
> = {
  messageBytesMax: { min: 1 },
  partsMax: { min: 1 },
  handshakeMs: DURATION_RANGE,
  unsentBytes: DURATION_RANGE,
  pauseBytes: DURATION_RANGE,
  heartbeatMs: DURATION_RANGE,
};

/** Of sockets that wait for peers. */
export const ZMQ_HUB_RANGES: { readonly limits: typeof LIMIT_RANGES } = { limits: LIMIT_RANGES };

/** Of sockets that connect. */
export const ZMQ_LINK_RANGES: {
  readonly limits: typeof LIMIT_RANGES & Ranges<"reconnectMs" | "reconnectMsMax">;
} = {
  limits: { ...LIMIT_RANGES, reconnectMs: DURATION_RANGE, reconnectMsMax: DURATION_RANGE },
};
