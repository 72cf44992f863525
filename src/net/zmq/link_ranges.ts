/**
 * The ranges of all numbers that ZeroMQ sockets take.
 *
 * @module
 */

import { DURATION_RANGE, type OptionRanges } from "../../core/option_ranges.ts";
import type { ZmqSocketOptions } from "./hub.ts";
import type { ZmqConnectOptions } from "./link.ts";

/** Of every socket. */
const LIMIT_RANGES: OptionRanges<NonNullable<ZmqSocketOptions["limits"]>> = {
  messageBytesMax: { min: 1 },
  partsMax: { min: 1 },
  handshakeMs: DURATION_RANGE,
  unsentBytes: DURATION_RANGE,
  pauseBytes: DURATION_RANGE,
  heartbeatMs: DURATION_RANGE,
};

/** Of sockets that wait for peers. */
export const ZMQ_HUB_RANGES: OptionRanges<ZmqSocketOptions> = { limits: LIMIT_RANGES };

/** Of sockets that connect. */
export const ZMQ_LINK_RANGES: OptionRanges<ZmqConnectOptions> = {
  limits: { ...LIMIT_RANGES, reconnectMs: DURATION_RANGE, reconnectMsMax: DURATION_RANGE },
};
