/**
 * The legal values of all clients' options. Each client checks its options against its table; an
 * option that is missing from the table does not compile.
 *
 * @module
 */

import { type Checks, DURATION_RANGE, PORT_RANGE } from "../core/option_ranges.ts";
import { ZMQ_LINK_CHECKS } from "../net/zmq/link_ranges.ts";

/** Options of a heartbeat client; a call with a `timeoutMs` of 0 fails. */
export const HILBERT_CHECKS: Checks<
  "port" | "timeoutMs",
  | "url"
  | "host"
  | "appId"
  | "environment"
  | "signal"
  | "errorReturnValue"
  | "caCerts"
  | "lostAfter"
  | "onStatus"
> = {
  url: "any",
  host: "any",
  port: PORT_RANGE,
  appId: "any",
  environment: "any",
  signal: "any",
  timeoutMs: DURATION_RANGE,
  errorReturnValue: "any",
  caCerts: "any",
  lostAfter: "any",
  onStatus: "any",
};

/** Options of automatic heartbeats; announced delays must be numbers on the wire. */
export const BEAT_CHECKS: Checks<
  "delayMs" | "startMs" | "backoffMsMax",
  "farewell" | "signal" | "onReply" | "onStatus"
> = {
  delayMs: { max: Number.MAX_SAFE_INTEGER },
  startMs: { max: Number.MAX_SAFE_INTEGER },
  backoffMsMax: DURATION_RANGE,
  farewell: "any",
  signal: "any",
  onReply: "any",
  onStatus: "any",
};

/** Options of a game client. */
export const GAME_CHECKS: Checks<
  "intervalMs" | "timeoutMs",
  | "url"
  | "caCerts"
  | "id"
  | "publisherUrl"
  | "subscriberUrl"
  | "ownCalibration"
  | "onCalibration"
  | "onCommand"
  | "onStatus"
  | "signal"
> = {
  url: "any",
  caCerts: "any",
  id: "any",
  intervalMs: { min: 50 },
  timeoutMs: DURATION_RANGE,
  publisherUrl: "any",
  subscriberUrl: "any",
  ownCalibration: "any",
  onCalibration: "any",
  onCommand: "any",
  onStatus: "any",
  signal: "any",
};

/** Options of a listener to a HEV server. */
export const HEV_CHECKS: Checks<
  "port" | "queryPort" | "timeoutMs" | "backoffMsMax" | "silenceMs",
  "hostname" | "dialect" | "signal" | "onStatus"
> = {
  hostname: "any",
  port: PORT_RANGE,
  queryPort: PORT_RANGE,
  dialect: "any",
  timeoutMs: DURATION_RANGE,
  backoffMsMax: DURATION_RANGE,
  signal: "any",
  silenceMs: DURATION_RANGE,
  onStatus: "any",
};

/** Options of a client that is woken up. */
export const TRIGGER_CHECKS:
  & Checks<"port" | "leaseMs" | "silenceMs", "hostname" | "signal" | "onStatus">
  & { readonly local: Checks<"port", "hostname"> } = {
    hostname: "any",
    port: PORT_RANGE,
    leaseMs: { min: 300 },
    silenceMs: { min: 1_500 },
    local: { hostname: "any", port: PORT_RANGE },
    signal: "any",
    onStatus: "any",
  };

/** Options of a SUB. */
export const ZMQ_SUB_CHECKS: typeof ZMQ_LINK_CHECKS & Checks<"waitingMax", "policy" | "topics"> = {
  ...ZMQ_LINK_CHECKS,
  waitingMax: { min: 1 },
  policy: "any",
  topics: "any",
};

/** Options of a DEALER. */
export const ZMQ_DEALER_CHECKS:
  & typeof ZMQ_LINK_CHECKS
  & Checks<"waitingMax" | "unconnectedMax", "policy"> = {
    ...ZMQ_LINK_CHECKS,
    waitingMax: { min: 1 },
    policy: "any",
    unconnectedMax: DURATION_RANGE,
  };

/** Options of one request of a REQ. */
export const ZMQ_REQUEST_CHECKS: Checks<"timeoutMs", "signal"> = {
  timeoutMs: DURATION_RANGE,
  signal: "any",
};
