/**
 * What the wall clock showed when.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { CALENDAR_MS_MAX } from "./calendar.ts";
import { SECOND_MS } from "./clock.ts";

/** A change of the wall clock against listening time that is noticed, in milliseconds. */
export const WALL_STEP_MS: number = SECOND_MS;
/** Steps that are remembered; before the oldest, the clock is taken to have run on evenly. */
export const WALL_STEPS_MAX = 64;

/** From one moment to another, in milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

interface Stretch {
  /** Listening time from which on this holds; that of the first one reaches back for ever. */
  from: number;
  /** What to add to listening time to get unix time. */
  readonly offsetMs: number;
}

/**
 * Says of listening time what the wall clock showed then. Lengths stay as they were measured: a
 * minute in which the clock jumped by a year is two pieces that are a minute together.
 */
export class WallTrack {
  /** Oldest first, never empty. */
  readonly #stretches: Stretch[];

  /**
   * @param now Listening time in milliseconds, as in all methods.
   * @param wallMs Unix time in milliseconds at the same moment, as in all methods.
   */
  constructor(now: number, wallMs: number) {
    this.#stretches = [{ from: now, offsetMs: wallMs - now }];
  }

  /**
   * Takes note of what the clock shows.
   *
   * @return True if that is another than it was before.
   */
  note(now: number, wallMs: number): boolean {
    const last = this.#last;
    const offsetMs = wallMs - now;
    if (Math.abs(offsetMs - last.offsetMs) <= WALL_STEP_MS) return false;
    if (last.from >= now) this.#stretches.pop();
    this.#stretches.push({ from: now, offsetMs });
    if (this.#stretches.length > WALL_STEPS_MAX) this.#stretches.shift();
    return true;
  }

  /** Takes note that an earlier run ended at a moment of the wall clock: what was before is dated by it. */
  noteEarlierRun(endedWallMs: number): void {
    const [first] = this.#stretches;
    if (first === undefined) return;
    this.#stretches.unshift({ from: -Infinity, offsetMs: endedWallMs - first.from });
  }

  /** Unix time at a moment of listening time. */
  wallOf(at: number): number {
    const stretch = this.#stretches.findLast(({ from }) => from <= at) ?? this.#stretches[0];
    return dated(at + (stretch?.offsetMs ?? 0));
  }

  /** The pieces of unix time in which a stretch of listening time went by, oldest first. */
  pieces(from: number, to: number): Interval[] {
    const pieces: Interval[] = [];
    for (const [index, stretch] of this.#stretches.entries()) {
      const next = this.#stretches[index + 1]?.from ?? Infinity;
      const begin = index === 0 ? from : Math.max(from, stretch.from);
      const end = Math.min(to, next);
      if (end <= begin) continue;
      const wallMs = dated(begin + stretch.offsetMs);
      pieces.push({ from: wallMs, to: wallMs + end - begin });
    }
    return pieces;
  }

  get #last(): Stretch {
    const last = this.#stretches.at(-1);
    assert(last !== undefined, "a track has a stretch at all times");
    return last;
  }
}

/** No clock of a host that works shows anything else. */
function dated(wallMs: number): number {
  return Math.min(CALENDAR_MS_MAX, Math.max(0, wallMs));
}
