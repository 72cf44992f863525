/**
 * How a host takes part in a fleet.
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { FLEET_HOSTS_MAX } from "../../core/fleet_picture.ts";
import type { RosterRules } from "../../core/roster.ts";
import { isFleetToken } from "../../wire/fleet/subjects.ts";

/** The interval of a host's beats, in milliseconds. */
export const BEAT_MS: number = 5 * SECOND_MS;
/** The silence after which a host is late, and lost, in multiples of its announced interval. */
export const LATE_PROMISES = 2;
export const LOST_PROMISES = 4;
/**
 * How long our own message may take to come back before we count as cut off from the fleet, in
 * milliseconds.
 */
export const ECHO_MS_MAX = 2_500;
/**
 * How long a connection that carries nothing is kept at most before another broker is tried, in
 * milliseconds; chance adds up to half.
 */
export const DEAF_RECONNECT_MS_MAX: number = 60 * SECOND_MS;
/**
 * How often a console sends itself a message to check that it hears the fleet, in milliseconds.
 */
export const PROBE_MS: number = SECOND_MS;
/** The shortest time over which changes are collected into one document, in milliseconds. */
export const JOIN_MS_MIN = 250;
/** The longest time over which changes are collected into one document, in milliseconds. */
export const JOIN_MS_MAX = 2_000;
/**
 * How often a host sends its document even if nothing has changed, in milliseconds. Brokers that are
 * killed one after the other can lose it unnoticed, and a console that starts then knows the host
 * only by its beats. 300 documents of 6 kB each minute are 30 kB a second.
 */
export const RETELL_MS: number = 60 * SECOND_MS;
/** How long a console waits for an announced document before it requests it, in milliseconds. */
export const DOCUMENT_WAIT_MS = 3_000;
/** How long a console reports that a message could not be used, in milliseconds. */
export const REFUSAL_MEMORY_MS: number = 60 * SECOND_MS;
/** How long a foreign beat under our own name is remembered, in milliseconds. */
export const CLONE_MEMORY_MS: number = 60 * SECOND_MS;
/**
 * The silence after which another host that used our name counts as gone, in milliseconds. It ends well
 * before consoles, which heard only the other one, would call the name lost.
 */
export const RIVAL_SILENCE_MS: number = 2.5 * BEAT_MS;

/** The rules of the roster of hosts: a lost host stays until somebody forgets it. */
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
