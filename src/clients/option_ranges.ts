/**
 * The ranges of all numbers that clients take. Each client holds its own against its options: one that is
 * forgotten here does not compile there.
 *
 * @module
 */

import { DURATION_RANGE, PORT_RANGE, type Ranges } from "../core/option_ranges.ts";
import { ZMQ_LINK_RANGES } from "../net/zmq/link_ranges.ts";

/** Ranges of a heartbeat client; a call with a `timeoutMs` of 0 fails. */
export const HILBERT_RANGES: Ranges<"port" | "timeoutMs"> = {
  port: PORT_RANGE,
  timeoutMs: DURATION_RANGE,
};

/** Of heartbeats that send themselves; what is announced must be a number on the wire. */
export const BEAT_RANGES: Ranges<"delayMs" | "startMs" | "backoffMsMax"> = {
  delayMs: { max: Number.MAX_SAFE_INTEGER },
  startMs: { max: Number.MAX_SAFE_INTEGER },
  backoffMsMax: DURATION_RANGE,
};

/** Ranges of a game client. */
export const GAME_RANGES: Ranges<"intervalMs" | "timeoutMs"> = {
  intervalMs: { min: 50 },
  timeoutMs: DURATION_RANGE,
};

/** Ranges of a HEV client. */
export const HEV_RANGES: Ranges<
  "port" | "queryPort" | "timeoutMs" | "backoffMsMax" | "silenceMs"
> = {
  port: PORT_RANGE,
  queryPort: PORT_RANGE,
  timeoutMs: DURATION_RANGE,
  backoffMsMax: DURATION_RANGE,
  silenceMs: DURATION_RANGE,
};

/** Ranges of a trigger client. */
export const TRIGGER_RANGES: Ranges<"port" | "leaseMs" | "silenceMs"> & {
  readonly local: Ranges<"port">;
} = {
  port: PORT_RANGE,
  leaseMs: { min: 300 },
  silenceMs: { min: 1_500 },
  local: { port: PORT_RANGE },
};

/** Ranges of a SUB socket. */
export const ZMQ_SUB_RANGES: typeof ZMQ_LINK_RANGES & Ranges<"waitingMax"> = {
  ...ZMQ_LINK_RANGES,
  waitingMax: { min: 1 },
};

/** Ranges of a DEALER socket. */
export const ZMQ_DEALER_RANGES: typeof ZMQ_LINK_RANGES & Ranges<"waitingMax" | "unconnectedMax"> = {
  ...ZMQ_LINK_RANGES,
  waitingMax: { min: 1 },
  unconnectedMax: DURATION_RANGE,
};

/** Of one question of a REQ. */
export const ZMQ_REQUEST_RANGES: Ranges<"timeoutMs"> = { timeoutMs: DURATION_RANGE };
