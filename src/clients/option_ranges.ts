/**
 * The ranges of all numbers that clients take.
 *
 * @module
 */

import { DURATION_RANGE, type OptionRanges, PORT_RANGE } from "../core/option_ranges.ts";
import { ZMQ_LINK_RANGES } from "../net/zmq/link_ranges.ts";
import type { GameClientOptions } from "./game/client.ts";
import type { HevClientOptions } from "./hev/client.ts";
import type { HilbertClientOptions } from "./hilbert/client.ts";
import type { BeatOptions } from "./hilbert/beat.ts";
import type { TriggerClientOptions } from "./trigger/client.ts";
import type { ZmqDealerOptions } from "./zmq/dealer.ts";
import type { ZmqRequestOptions } from "./zmq/req.ts";
import type { ZmqSubOptions } from "./zmq/sub.ts";

/** Of a heartbeat client; a call with a limit of 0 fails. */
export const HILBERT_RANGES: OptionRanges<HilbertClientOptions> = {
  port: PORT_RANGE,
  timeoutMs: DURATION_RANGE,
};

/** Of heartbeats that send themselves; what is announced must be a number on the wire. */
export const BEAT_RANGES: OptionRanges<BeatOptions> = {
  delayMs: { max: Number.MAX_SAFE_INTEGER },
  startMs: { max: Number.MAX_SAFE_INTEGER },
  backoffMsMax: DURATION_RANGE,
};

/** Of a game client. */
export const GAME_RANGES: OptionRanges<GameClientOptions> = {
  intervalMs: { min: 50 },
  timeoutMs: DURATION_RANGE,
};

/** Of a listener to a HEV server. */
export const HEV_RANGES: OptionRanges<HevClientOptions> = {
  port: PORT_RANGE,
  queryPort: PORT_RANGE,
  timeoutMs: DURATION_RANGE,
  backoffMsMax: DURATION_RANGE,
  silenceMs: DURATION_RANGE,
};

/** Of a client that is woken up. */
export const TRIGGER_RANGES: OptionRanges<TriggerClientOptions> = {
  port: PORT_RANGE,
  leaseMs: { min: 300 },
  silenceMs: { min: 1_500 },
  local: { port: PORT_RANGE },
};

/** Of a SUB. */
export const ZMQ_SUB_RANGES: OptionRanges<ZmqSubOptions> = {
  ...ZMQ_LINK_RANGES,
  waitingMax: { min: 1 },
};

/** Of a DEALER. */
export const ZMQ_DEALER_RANGES: OptionRanges<ZmqDealerOptions> = {
  ...ZMQ_LINK_RANGES,
  waitingMax: { min: 1 },
  unconnectedMax: DURATION_RANGE,
};

/** Of one question of a REQ. */
export const ZMQ_REQUEST_RANGES: OptionRanges<ZmqRequestOptions> = { timeoutMs: DURATION_RANGE };
