/**
 * A member as it outlives the process.
 *
 * @module
 */

import type { LostAfter } from "./lost_after.ts";
import type { Member, MemberState } from "./member.ts";

/**
 * The part of a member that is kept over a restart. All times are durations, because no clock
 * survives a restart.
 */
export interface MemberRecord {
  id: string;
  name: string;
  address: string;
  state: MemberState;
  /** How long it has been in its state, in milliseconds. */
  stateMs: number;
  promiseMs: number;
  /** How long it has been silent, in milliseconds. */
  silentMs: number;
  beats: number;
  /** Why it failed; set only while the failure is the reason that it is lost. */
  failure?: string;
  /** The silence after which it asked to count as lost, if it did. */
  lostAfter?: LostAfter;
  /** Maintenance; `forMs` is the time left, `Infinity` if somebody has to end it. */
  pause: { reason: string; forMs: number } | undefined;
}

/** Makes the record of a member. */
export function recordOf(member: Member, now: number): MemberRecord {
  const { id, name, address, state, promiseMs, beats, pause, failure, lostAfter } = member;
  return {
    id,
    name,
    address,
    state,
    stateMs: now - member.since,
    promiseMs,
    silentMs: now - member.heardAt,
    beats,
    ...(failure === undefined ? {} : { failure }),
    ...(lostAfter === undefined ? {} : { lostAfter }),
    pause: pause && { reason: pause.reason, forMs: Math.max(0, pause.until - now) },
  };
}
