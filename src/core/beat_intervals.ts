/**
 * How long the last intervals between beats of members were.
 *
 * They are kept in one array, and only while a roster has few members: a museum has them all, a
 * crowd costs neither memory nor time.
 *
 * @module
 */

import { assert } from "./assert.ts";
import type { Member } from "./member.ts";

/** Intervals of one member that are kept; the newest take the place of the oldest. */
export const INTERVALS_KEPT = 60;
/** The most members of a roster that keeps intervals: about 500 bytes for each. */
export const INTERVAL_MEMBERS_MAX = 1_000;

/** The most recent intervals of some members, in milliseconds. */
export class BeatIntervals {
  readonly #slots = new Map<Member, number>();
  /** Slots of members that have ended. */
  readonly #free: number[] = [];
  /** True while the roster has too many members. */
  #isCrowd = false;
  /** Grows with the number of members. */
  #lengthsMs = new Float32Array(0);
  #counts = new Uint32Array(0);

  /** Notes that a member was heard some time after its last beat. */
  note(member: Member, ms: number): void {
    if (this.#isCrowd) return;
    const slot = this.#slots.get(member) ?? this.#slotFor(member);
    const count = this.#counts[slot] ?? 0;
    this.#lengthsMs[slot * INTERVALS_KEPT + count % INTERVALS_KEPT] = ms;
    this.#counts[slot] = count + 1;
  }

  /** The last intervals of a member, the newest last; empty if none are kept. */
  of(member: Member): number[] {
    const slot = this.#slots.get(member);
    if (slot === undefined) return [];
    const count = this.#counts[slot] ?? 0;
    const first = Math.max(0, count - INTERVALS_KEPT);
    return Array.from(
      { length: count - first },
      (_, index) => this.#lengthsMs[slot * INTERVALS_KEPT + (first + index) % INTERVALS_KEPT] ?? 0,
    );
  }

  /** Notes how many members the roster has: of a crowd, nothing is kept. */
  count(members: number): void {
    this.#isCrowd = members > INTERVAL_MEMBERS_MAX;
    if (this.#isCrowd) this.#clear();
  }

  /** Forgets a member of a roster that has so many left. */
  drop(member: Member, left: number): void {
    this.count(left);
    const slot = this.#slots.get(member);
    if (slot === undefined) return;
    this.#slots.delete(member);
    this.#counts[slot] = 0;
    this.#free.push(slot);
  }

  #clear(): void {
    if (this.#slots.size === 0) return;
    this.#slots.clear();
    this.#free.length = 0;
    this.#lengthsMs = new Float32Array(0);
    this.#counts = new Uint32Array(0);
  }

  #slotFor(member: Member): number {
    assert(this.#slots.size < INTERVAL_MEMBERS_MAX, "few enough members");
    const slot = this.#free.pop() ?? this.#slots.size;
    if (slot >= this.#counts.length) this.#grow();
    this.#slots.set(member, slot);
    return slot;
  }

  #grow(): void {
    const room = Math.min(INTERVAL_MEMBERS_MAX, Math.max(16, 2 * this.#counts.length));
    const counts = new Uint32Array(room);
    counts.set(this.#counts);
    this.#counts = counts;
    const lengthsMs = new Float32Array(room * INTERVALS_KEPT);
    lengthsMs.set(this.#lengthsMs);
    this.#lengthsMs = lengthsMs;
  }
}
