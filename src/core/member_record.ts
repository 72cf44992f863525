/**
 * A member as it outlives the process.
 *
 * @module
 */

import type { LostAfter } from "./lost_after.ts";
import type { Member, MemberState } from "./member.ts";

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
  /** Why it failed, while that is why it is lost. */
  failure?: string;
  /** When it wants to count as lost, if it said so. */
  lostAfter?: LostAfter;
  /** Maintenance; `forMs` is what was left of it, `Infinity` if it has no end of its own. */
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
