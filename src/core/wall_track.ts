/**
 * What the wall clock showed when.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { CALENDAR_MS_MAX } from "./calendar.ts";
import { SECOND_MS } from "./clock.ts";

/**
 * The smallest change of the wall clock against listening time that is noticed, in milliseconds.
 */
export const WALL_STEP_MS: number = SECOND_MS;
/**
 * The most clock steps that are remembered. Before the oldest one, the clock counts as having run
 * evenly.
 */
export const WALL_STEPS_MAX = 64;

/** From one moment to another, in milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

interface Stretch {
  /** Listening time from which this offset holds; the first offset has no beginning. */
  from: number;
  /** What to add to listening time to get unix time. */
  readonly offsetMs: number;
}

/**
 * Translates listening time into what the wall clock showed then. Lengths stay as measured: a
 * minute in which the clock jumped by a year becomes two pieces that add up to a minute.
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
   * Records what the wall clock shows.
   *
   * @return True if the clock was set since the last call.
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

  /** Records when an earlier run ended, by the wall clock: time before this run is dated by it. */
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

  /** The pieces of unix time that a span of listening time covers, oldest first. */
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
