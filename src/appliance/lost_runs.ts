/**
 * Schedules the runs of the command for lost members.
 *
 * @module
 */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../core/clock.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";

/** Shortest time between two runs for one member, in milliseconds; doubled with each run. */
export const ACTION_SPACING_MS_MIN: number = MINUTE_MS;
/** Longest time between two runs of a command for one member, in milliseconds. */
export const ACTION_SPACING_MS_MAX: number = HOUR_MS;
/** The most members whose last run is remembered, besides those with a waiting or current run. */
export const ACTION_MEMBERS_MAX = 10_000;

/** A lost member. */
export interface LostMember {
  readonly member: MemberRef;
  /** Time since it was last heard, in milliseconds. */
  readonly silentMs: number;
}

/** How long a run is postponed while it is undecided who runs the command, in milliseconds. */
const UNDECIDED_MS: number = SECOND_MS;

/**
 * What a member needs when its turn comes: `later` while it flaps or is in maintenance, `soon`
 * while it is undecided which host runs the command.
 */
export type Need = "run" | "later" | "soon" | "none";

interface Entry {
  lost: LostMember;
  /** When its next run may start, and the current time between runs, in milliseconds. */
  nextAt: number;
  spacingMs: number;
  isRunning: boolean;
  /** When its last run started. */
  ranAt: number;
}

/** Postpones runs that would come too soon; drops no run of a member that is still lost. */
export class LostRuns {
  readonly #entries = new Map<string, Entry>();
  /** Members that wait for a run: each at most once, so there are no more entries than members. */
  readonly #wanted = new Set<string>();

  /**
   * Requests a run. @return Milliseconds that it is postponed by; `undefined` if one waits already.
   */
  want(lost: LostMember, now: number): number | undefined {
    const name = nameOf(lost.member);
    const entry = this.#entries.get(name) ??
      { lost, nextAt: now, spacingMs: 0, isRunning: false, ranAt: -Infinity };
    entry.lost = lost;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    this.#forgetOldest();
    if (this.#wanted.has(name)) return undefined;
    this.#wanted.add(name);
    // A member that was healthy for the longest time between runs starts over.
    if (now - entry.nextAt > ACTION_SPACING_MS_MAX) entry.spacingMs = 0;
    return Math.max(0, entry.nextAt - now);
  }

  /** Cancels the run of a member whose record has ended. */
  unwant(member: MemberRef): void {
    this.#wanted.delete(nameOf(member));
  }

  /** The next member whose turn it is; its run counts as current until {@linkcode finish}. */
  take(now: number, needOf: (member: MemberRef) => Need): LostMember | undefined {
    for (const name of this.#wanted) {
      const entry = this.#entries.get(name);
      if (entry === undefined || entry.isRunning || now < entry.nextAt) continue;
      const need = needOf(entry.lost.member);
      if (need === "later" || need === "soon") {
        entry.nextAt = now + (need === "later" ? ACTION_SPACING_MS_MIN : UNDECIDED_MS);
        continue;
      }
      this.#wanted.delete(name);
      if (need === "none") continue;
      entry.isRunning = true;
      entry.spacingMs = Math.min(
        ACTION_SPACING_MS_MAX,
        Math.max(ACTION_SPACING_MS_MIN, 2 * entry.spacingMs),
      );
      entry.nextAt = now + entry.spacingMs;
      entry.ranAt = now;
      return entry.lost;
    }
    return undefined;
  }

  /** Whether a run for a member started at that time or later. */
  hasRunSince(member: MemberRef, at: number): boolean {
    return (this.#entries.get(nameOf(member))?.ranAt ?? -Infinity) >= at;
  }

  /** Records the end of a run; a failed run is requested again. */
  finish({ member }: LostMember, result: "done" | "failed"): void {
    const name = nameOf(member);
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.isRunning = false;
    if (result === "failed") this.#wanted.add(name);
    this.#forgetOldest();
  }

  /** Number of remembered members. */
  get size(): number {
    return this.#entries.size;
  }

  /** When the next turn comes; `Infinity` if no member waits. */
  nextAt(): number {
    let nextAt = Infinity;
    for (const name of this.#wanted) {
      const entry = this.#entries.get(name);
      if (entry !== undefined && !entry.isRunning) nextAt = Math.min(nextAt, entry.nextAt);
    }
    return nextAt;
  }

  #forgetOldest(): void {
    let excess = this.#entries.size - this.#wanted.size - ACTION_MEMBERS_MAX;
    for (const [name, { isRunning }] of this.#entries) {
      if (excess <= 0) return;
      if (isRunning || this.#wanted.has(name)) continue;
      this.#entries.delete(name);
      excess--;
    }
  }
}
