/**
 * The options of a game server and their defaults (mlf.md sections 6 and 8).
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import type { RosterRules } from "../../core/roster.ts";
import { parseClientId } from "../../wire/mlf/client_id.ts";

/** How the role treats its clients. Everything has a default. */
export interface GameOptions {
  /** The silence after which a client is removed, in milliseconds, at least 1000; 10 000. */
  timebombMs?: number;
  /** New clients per second from one address, on average; 20. */
  newPerSecondMax?: number;
  /** The most heartbeats of one client that are processed in a second; 20. */
  beatsPerSecondMax?: number;
  /** The identity or address of the client behind each headset's name. */
  headsets?: ReadonlyMap<string, string>;
}

/** Values of the options that are not given. */
export const GAME_DEFAULTS = {
  timebombMs: 10 * SECOND_MS,
  /** The most clients at once. */
  clientsMax: 10_000,
  newPerSecondMax: 20,
  beatsPerSecondMax: 20,
} as const satisfies Record<string, number>;

/** Ranges of the numbers, both bounds included. */
export const GAME_BOUNDS = {
  timebombMs: [SECOND_MS, DAY_MS],
  clientsMax: [1, 1_000_000],
  newPerSecondMax: [1, 1_000_000],
} as const satisfies Partial<Record<keyof typeof GAME_DEFAULTS, readonly [number, number]>>;

/** The largest body of a heartbeat or an operator's call, in bytes. */
export const BODY_BYTES_MAX = 16_384;

/** The fractions of the timebomb after which a silent client is missed, and shown as late. */
const MISSED_RATIO = 0.5;
const LATE_RATIO = 0.75;

/** The rules of the roster of game clients: a client is gone when its timebomb goes off. */
export function gameRules(clientsMax: number, rememberGoneMs: number): RosterRules {
  return {
    protocol: "mlf",
    limits: { missed: MISSED_RATIO, late: LATE_RATIO, lost: 1, gone: 1 },
    membersMax: clientsMax,
    membersPerAddressMax: clientsMax,
    rememberGoneMs,
    parseId: (text) => {
      const id = parseClientId(text);
      return id === undefined ? undefined : { id, name: id, address: "" };
    },
  };
}
