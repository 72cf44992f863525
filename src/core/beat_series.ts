/**
 * Whether beats that are older than known ones come from a host that lives.
 *
 * A broker that comes back delivers old beats, all at once. A host sends one every five seconds.
 *
 * @module
 */

import { MINUTE_MS } from "./clock.ts";
import type { BeatNumber } from "./beat_number.ts";

/** The number of beats that prove a host. */
const BEATS_MIN = 3;
/** The shortest time over which they must arrive, in milliseconds. */
const SPAN_MS = 8_000;
/** The longest time between two of them, in milliseconds. */
const GAP_MS: number = MINUTE_MS;

/** Beats of one run, each newer than the one before. Times are listening time in milliseconds. */
export class BeatSeries {
  #last: BeatNumber & { readonly count: number; readonly firstAt: number; readonly at: number } = {
    epoch: -1,
    n: 0,
    count: 0,
    firstAt: 0,
    at: -Infinity,
  };

  /** Takes a beat. @return Whether it and those before it prove a host. */
  proves({ epoch, n }: BeatNumber, now: number): boolean {
    const last = this.#last;
    if (epoch !== last.epoch || now - last.at > GAP_MS) {
      this.#last = { epoch, n, count: 1, firstAt: now, at: now };
      return false;
    }
    if (n <= last.n) return false;
    this.#last = { ...last, n, count: last.count + 1, at: now };
    return last.count + 1 >= BEATS_MIN && now - last.firstAt >= SPAN_MS;
  }
}
