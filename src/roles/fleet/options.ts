/**
 * How a host takes part in a fleet.
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { FLEET_HOSTS_MAX } from "../../core/fleet_picture.ts";
import type { RosterRules } from "../../core/roster.ts";
import { isFleetToken } from "../../wire/fleet/subjects.ts";

/** How often a host says that it lives, in milliseconds. */
export const BEAT_MS: number = 5 * SECOND_MS;
/** Promises of silence after which a host is late, and lost. */
export const LATE_PROMISES = 2;
export const LOST_PROMISES = 4;
/** How long one's own message may be on its way before the fleet is not heard, in milliseconds. */
export const ECHO_MS_MAX = 2_500;
/** How often a console sends itself a message to see whether it hears, in milliseconds. */
export const PROBE_MS: number = SECOND_MS;
/** How long changes are collected for one document, in milliseconds: at rest, and under load. */
export const JOIN_MS_MIN = 250;
export const JOIN_MS_MAX = 2_000;
/**
 * How often a host tells its document though nothing has changed, in milliseconds: brokers may have
 * forgotten it without anybody's having noticed.
 */
export const RETELL_MS: number = 600 * SECOND_MS;
/** How long a console waits for a document that was announced before it asks for it, in milliseconds. */
export const DOCUMENT_WAIT_MS = 3_000;
/** How long a foreign beat under one's own name is remembered, in milliseconds. */
export const CLONE_MEMORY_MS: number = 60 * SECOND_MS;

/** The rules by which the roster of hosts is kept: a lost host stays until somebody forgets it. */
export function fleetRules(): RosterRules {
  return {
    protocol: "fleet",
    limits: { missed: 1.5, late: LATE_PROMISES, lost: LOST_PROMISES, gone: Infinity },
    membersMax: FLEET_HOSTS_MAX,
    membersPerAddressMax: FLEET_HOSTS_MAX,
    rememberGoneMs: DAY_MS,
    parseId: (id) => isFleetToken(id) ? { id, name: id, address: id } : undefined,
  };
}
