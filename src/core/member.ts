/**
 * A watched thing, and the pure rules by which silence changes its state.
 *
 * @module
 */

import { type Lease, NO_LEASE } from "./lease_table.ts";
import type { LostAfter } from "./lost_after.ts";
import type { SilenceLimits } from "./silence_limits.ts";

/** The protocols whose peers are watched. */
export const PROTOCOLS = ["hilbert", "mlf", "tix", "hev", "fleet"] as const;

/** One of {@linkcode PROTOCOLS}. */
export type Protocol = typeof PROTOCOLS[number];

/** The states of a member. */
export const MEMBER_STATES = ["unknown", "starting", "ok", "late", "lost", "gone"] as const;

/**
 * One of {@linkcode MEMBER_STATES}: `unknown` (expected, never heard of), `starting` (announced, its main
 * loop not heard yet), `ok`, `late` (silent beyond the first limit), `lost` (beyond the second),
 * `gone` (beyond the last: the protocol has forgotten it, but its operator may still be looking for
 * it).
 */
export type MemberState = typeof MEMBER_STATES[number];

/** What made a state change. */
export type StateCause =
  | "heard"
  | "announced"
  | "silence"
  | "never-heard"
  /** It said goodbye. */
  | "done"
  /** The member, or its supervisor, reported that it has failed. */
  | "failed";

/** Maintenance: no alarms for anything it covers. */
export interface Pause {
  /** Why, as the operator said it; may be empty. */
  reason: string;
  /**
   * When the maintenance ends by itself, in listening time (ms); `Infinity` if somebody has to end
   * it.
   */
  until: number;
}

/** Somebody has said to look after a member that is late or lost. */
export interface Acknowledgement {
  /** Who it is. */
  readonly by: string;
  /** What that person has to say; may be empty. */
  readonly note: string;
  /** When it was said, in listening time (ms). */
  readonly at: number;
}

/** How everything outside the core refers to a member. */
export interface MemberRef {
  protocol: Protocol;
  /** Identity within its protocol, for instance `tetris @ 127.0.0.1`. */
  id: string;
  name: string;
  /** Network address in text form, without port. */
  address: string;
}

/** The stages of a silence: heard, missed, late, lost, gone. */
export type Stage = 0 | 1 | 2 | 3 | 4;

/** How long a silence must last until it reaches the stage after this one, in milliseconds. */
export function silenceOfNextStageMs(
  stage: Stage,
  promiseMs: number,
  limits: SilenceLimits,
): number {
  switch (stage) {
    case 0:
      return limits.missed * promiseMs;
    case 1:
      return limits.late * promiseMs;
    case 2:
      return limits.lost * promiseMs;
    case 3:
      return limits.gone * promiseMs;
    case 4:
      return Infinity;
  }
}

/** The state that follows when a silence reaches a stage. */
export function stateAfterSilence(state: MemberState, stage: Stage): MemberState {
  switch (stage) {
    case 0:
    case 1:
      return state;
    case 2:
      return "late";
    case 3:
      return "lost";
    case 4:
      return "gone";
  }
}

/** Few members have these values, so they lie outside their records. */
const chosenLostAfter = new WeakMap<Member, LostAfter>();
const acknowledgements = new WeakMap<Member, Acknowledgement>();

/**
 * One member's record. The {@linkcode "./roster.ts"} that made it is the only one to change it.
 *
 * There may be a million of these, so a record holds no field that can be derived and none that
 * only few members need. Every numeric field starts as a number: the engine then overwrites it in
 * place. In a field that was ever undefined, it would allocate a new number for each beat, with a
 * reference from old memory to new. The fields that a beat needs come first, so that they lie
 * together in memory.
 */
export class Member {
  readonly address: string;
  state: MemberState = "unknown";
  stage: Stage = 0;
  /** Stale once the record has ended. */
  lease: Lease = NO_LEASE;
  /** W: the longest silence that the member promised, in milliseconds, more than 0. */
  promiseMs = 0;
  /** When it was last heard, or counts as heard, in listening time (ms). */
  heardAt = 0;
  /** How often it was heard. */
  beats = 0;
  pause: Pause | undefined = undefined;
  /** Identity within the protocol; the key under which it is found. */
  readonly id: string;
  /** Length of the name within `id`, so that a million names need no second string. */
  readonly #nameLength: number;
  /** When it entered its state, in listening time (ms). */
  since = 0;
  /**
   * Why it failed, as text for display; set only while the failure is the reason that it is lost.
   */
  failure: string | undefined = undefined;

  constructor(ref: { id: string; name: string; address: string }, promiseMs: number, now: number) {
    this.id = ref.id;
    this.address = ref.address;
    this.#nameLength = ref.name.length;
    this.promiseMs = promiseMs;
    this.heardAt = now;
    this.since = now;
  }

  /** What it calls itself; `id` begins with it. */
  get name(): string {
    return this.id.slice(0, this.#nameLength);
  }

  /** The silence after which it asked to count as lost; `undefined` if it did not ask. */
  get lostAfter(): LostAfter | undefined {
    return chosenLostAfter.get(this);
  }

  set lostAfter(lostAfter: LostAfter | undefined) {
    if (lostAfter === undefined) chosenLostAfter.delete(this);
    else chosenLostAfter.set(this, lostAfter);
  }

  /** Who looks after it; `undefined` if nobody has said so. */
  get acknowledgement(): Acknowledgement | undefined {
    return acknowledgements.get(this);
  }

  set acknowledgement(acknowledgement: Acknowledgement | undefined) {
    if (acknowledgement === undefined) acknowledgements.delete(this);
    else acknowledgements.set(this, acknowledgement);
  }

  /** True if the protocol lists it: it was heard and has not been forgotten since. */
  get listed(): boolean {
    return this.beats > 0 && this.state !== "gone";
  }
}
