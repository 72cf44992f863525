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
  /** Who looks after it, if somebody does; `agoMs` is how long ago that was said. */
  acknowledgement?: { by: string; note: string; agoMs: number };
  /** Maintenance; `forMs` is the time left, `Infinity` if somebody has to end it. */
  pause: { reason: string; forMs: number } | undefined;
}

/** Makes the record of a member. */
export function recordOf(member: Member, now: number): MemberRecord {
  const { id, name, address, state, promiseMs, beats, pause, failure, lostAfter } = member;
  const { acknowledgement } = member;
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
    ...(acknowledgement === undefined ? {} : {
      acknowledgement: {
        by: acknowledgement.by,
        note: acknowledgement.note,
        agoMs: now - acknowledgement.at,
      },
    }),
    pause: pause && { reason: pause.reason, forMs: Math.max(0, pause.until - now) },
  };
}

/** Gives a member of this run what an earlier run knew of it. */
export function fillFromRecord(member: Member, record: MemberRecord, now: number): void {
  const { pause, acknowledgement } = record;
  member.state = record.state;
  member.failure = record.failure;
  member.lostAfter = record.lostAfter;
  member.beats = record.beats;
  // A wall clock that was set back gives negative durations; count them as 0.
  member.since = now - Math.max(0, record.stateMs);
  member.heardAt = now - Math.max(0, record.silentMs);
  member.pause = pause && { reason: pause.reason, until: now + pause.forMs };
  member.acknowledgement = acknowledgement && {
    by: acknowledgement.by,
    note: acknowledgement.note,
    at: now - Math.max(0, acknowledgement.agoMs),
  };
}
