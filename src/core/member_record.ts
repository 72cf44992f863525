/**
 * A member as it outlives the process.
 *
 * @module
 */

import type { Member, MemberState, SilenceLimits, Stage } from "./member.ts";

/** What is kept of a member over a restart. All times are durations, for no clock survives one. */
export interface MemberRecord {
  id: string;
  name: string;
  address: string;
  state: MemberState;
  /** How long it has been in its state, in milliseconds. */
  stateMs: number;
  promiseMs: number;
  /** How long nothing was heard of it, in milliseconds. */
  silentMs: number;
  beats: number;
  /** Maintenance; `forMs` is what was left of it, `Infinity` if it has no end of its own. */
  pause: { reason: string; forMs: number } | undefined;
}

/** Makes the record of a member. */
export function recordOf(member: Member, now: number): MemberRecord {
  const { id, name, address, state, promiseMs, beats, pause } = member;
  return {
    id,
    name,
    address,
    state,
    stateMs: now - member.since,
    promiseMs,
    silentMs: now - member.heardAt,
    beats,
    pause: pause && { reason: pause.reason, forMs: Math.max(0, pause.until - now) },
  };
}

/** The stage that belongs to a state. */
export function stageOfState(state: MemberState): Stage {
  switch (state) {
    case "unknown":
    case "starting":
    case "ok":
      return 0;
    case "late":
      return 2;
    case "lost":
      return 3;
    case "gone":
      return 4;
  }
}

/**
 * How much of a silence still counts after nobody could be heard for a while: enough for the state
 * that was reached, and at least one whole promise less than the next step needs.
 */
export function excusedSilenceMs(
  state: MemberState,
  silentMs: number,
  promiseMs: number,
  limits: SilenceLimits,
): number {
  switch (state) {
    case "unknown":
    case "starting":
    case "ok":
      return 0;
    case "late":
      return between(silentMs, limits.late * promiseMs, (limits.lost - 1) * promiseMs);
    case "lost":
      return between(silentMs, limits.lost * promiseMs, (limits.gone - 1) * promiseMs);
    case "gone":
      return silentMs;
  }
}

/** One millisecond above the lower bound, so that no rounding falls below it. */
function between(value: number, low: number, high: number): number {
  return Math.max(low + 1, Math.min(value, high));
}
