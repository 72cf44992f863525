/**
 * The ranges of all numbers in the options of ZeroMQ sockets.
 *
 * @module
 */

import { type Checks, DURATION_RANGE, type Ranges } from "../../core/option_ranges.ts";

/** For every socket. */
const LIMIT_RANGES: Checks<
  | "messageBytesMax"
  | "partsMax"
  | "handshakeMs"
  | "unsentBytes"
  | "pauseBytes"
  | "heartbeatMs",
  "overflow"
> = {
  messageBytesMax: { min: 1 },
  partsMax: { min: 1 },
  handshakeMs: DURATION_RANGE,
  unsentBytes: DURATION_RANGE,
  pauseBytes: DURATION_RANGE,
  heartbeatMs: DURATION_RANGE,
  overflow: "any",
};

/** For sockets that listen. */
export const ZMQ_HUB_RANGES: { readonly limits: typeof LIMIT_RANGES } = { limits: LIMIT_RANGES };

/** For sockets that connect. */
export const ZMQ_LINK_CHECKS:
  & Checks<never, "signal" | "routingId" | "credentials" | "caCerts" | "onStatus">
  & { readonly limits: typeof LIMIT_RANGES & Ranges<"reconnectMs" | "reconnectMsMax"> } = {
    signal: "any",
    routingId: "any",
    credentials: "any",
    caCerts: "any",
    onStatus: "any",
    limits: { ...LIMIT_RANGES, reconnectMs: DURATION_RANGE, reconnectMsMax: DURATION_RANGE },
  };
