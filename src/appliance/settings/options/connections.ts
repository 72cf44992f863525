/**
 * Limits of every listening port.
 *
 * @module
 */

import { HOUR_MS } from "../../../core/clock.ts";
import { HTTP_LIMITS } from "../../../net/http/limits.ts";
import { TCP_SERVER_LIMITS } from "../../../net/tcp/limits.ts";
import type { OptionTable } from "../option.ts";
import { formatDuration } from "../duration.ts";
import { countType, durationType } from "../value_types.ts";

/** The shortest timeouts: shorter ones would cut off honest peers on a busy host. */
const TIMEOUT_MS_MIN = 100;

/** Limits and timeouts of connections, the same for every port. */
export const CONNECTION_OPTIONS = {
  connectionsMax: {
    flag: "connections-max",
    argument: "COUNT",
    group: "Connections",
    schema: countType(1, 1_000_000),
    default: TCP_SERVER_LIMITS.connectionsMax,
    help: "Maximum number of connections to one port; beyond it, the oldest idle one is closed",
  },
  connectionsPerAddressMax: {
    flag: "connections-per-address-max",
    argument: "COUNT",
    group: "Connections",
    schema: countType(1, 1_000_000),
    default: TCP_SERVER_LIMITS.connectionsPerAddressMax,
    help: "Maximum number of connections from one address (IPv6: from one /64) to one port",
  },
  firstByteTimeoutMs: {
    flag: "first-byte-timeout",
    argument: "DURATION",
    group: "Connections",
    schema: durationType(TIMEOUT_MS_MIN, HOUR_MS),
    default: formatDuration(HTTP_LIMITS.firstByteMs),
    help: "How long a new connection may stay silent",
  },
  headTimeoutMs: {
    flag: "head-timeout",
    argument: "DURATION",
    group: "Connections",
    schema: durationType(TIMEOUT_MS_MIN, HOUR_MS),
    default: formatDuration(HTTP_LIMITS.headMs),
    help: "How long the head of a request may take to arrive",
  },
  bodyTimeoutMs: {
    flag: "body-timeout",
    argument: "DURATION",
    group: "Connections",
    schema: durationType(TIMEOUT_MS_MIN, HOUR_MS),
    default: formatDuration(HTTP_LIMITS.bodyMs),
    help: "How long the body of a request may stall",
  },
  idleTimeoutMs: {
    flag: "idle-timeout",
    argument: "DURATION",
    group: "Connections",
    schema: durationType(TIMEOUT_MS_MIN, HOUR_MS),
    default: formatDuration(HTTP_LIMITS.idleMs),
    help: "How long a connection may stay idle between two requests",
  },
  writeTimeoutMs: {
    flag: "write-timeout",
    argument: "DURATION",
    group: "Connections",
    schema: durationType(TIMEOUT_MS_MIN, HOUR_MS),
    default: formatDuration(HTTP_LIMITS.writeStallMs),
    help: "How long a peer may read nothing of what is sent to it",
  },
  headBytesMax: {
    flag: "head-bytes-max",
    argument: "BYTES",
    group: "Connections",
    schema: countType(1_024, 1_048_576),
    default: HTTP_LIMITS.headBytesMax,
    help: "Maximum length of a request's head",
  },
  targetBytesMax: {
    flag: "target-bytes-max",
    argument: "BYTES",
    group: "Connections",
    schema: countType(256, 1_048_576),
    default: HTTP_LIMITS.targetBytesMax,
    help: "Maximum length of a request's target, which is its path and query",
  },
  bodyBytesMax: {
    flag: "body-bytes-max",
    argument: "BYTES",
    group: "Connections",
    schema: countType(0, 1_073_741_824),
    default: HTTP_LIMITS.bodyBytesMax,
    help: "Maximum length of a request's body",
  },
} as const satisfies OptionTable;
