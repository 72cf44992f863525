/**
 * Whether this host hears the fleet, and whether another one has its name.
 *
 * A connection that looks alive may carry nothing: the only proof is to hear one's own words.
 *
 * @module
 */

import type { Beat } from "../../wire/fleet/beat.ts";
import { CLONE_MEMORY_MS, ECHO_MS_MAX } from "./options.ts";

/** Foreign beats with a smaller epoch before they are another host's: a broker that was stopped tells old ones. */
const CLONE_BEATS_MIN = 3;
/** They come while both hosts run, not all at once, in milliseconds. */
const CLONE_SPAN_MS = 8_000;

/** What a host's own subject brings back. Times are listening time in milliseconds. */
export class Echo {
  /** Since when something of ours is on its way without having been heard. */
  #waitingSince: number | undefined;
  /** When the fleet was heard last; undefined if never. */
  #heardAt: number | undefined;
  #foreign: { n: number; count: number; firstAt: number; lastAt: number } | undefined;
  #cloneAt = -Infinity;

  /** When the fleet was heard last; undefined if never. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** Something of ours was sent, or could not be. */
  sent(now: number): void {
    this.#waitingSince ??= now;
  }

  /** Our own subject has brought a beat. */
  heard(beat: Beat, epoch: number, now: number): void {
    if (beat.epoch === epoch) {
      this.#waitingSince = undefined;
      this.#heardAt = now;
      return;
    }
    // Every earlier run of ours had a smaller epoch: a larger one is another host's.
    if (beat.epoch > epoch) {
      this.#cloneAt = now;
      return;
    }
    const known = this.#foreign;
    if (known === undefined || now - known.lastAt > CLONE_MEMORY_MS) {
      this.#foreign = { n: beat.n, count: 1, firstAt: now, lastAt: now };
      return;
    }
    if (beat.n <= known.n) return;
    Object.assign(known, { n: beat.n, count: known.count + 1, lastAt: now });
    if (known.count >= CLONE_BEATS_MIN && now - known.firstAt >= CLONE_SPAN_MS) this.#cloneAt = now;
  }

  /** Whether what we say does not come back to us. */
  isDeaf(now: number): boolean {
    return this.#waitingSince !== undefined && now - this.#waitingSince > ECHO_MS_MAX;
  }

  /** Whether another host has lately told under our name. */
  isCloned(now: number): boolean {
    return now - this.#cloneAt < CLONE_MEMORY_MS;
  }
}
