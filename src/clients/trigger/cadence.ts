/**
 * Measures the regularity of pings.
 *
 * @module
 */

/** The nominal interval between two pings, in milliseconds. */
export const PING_INTERVAL_MS = 1_000;

/** Width of the histogram's classes in milliseconds, and their number. */
const STEP_MS = 0.1;
const STEPS = 20_000;
/** In an interval longer than one and a half nominal ones, a ping is missing. */
const LOST_RATIO = 1.5;

/** Figures of a cadence. Deviations are from 1 000 milliseconds (tix.md section 4). */
export interface CadenceFigures {
  /** Number of intervals. */
  readonly intervals: number;
  /** Their mean in milliseconds; `NaN` if there are none. */
  readonly meanMs: number;
  /** Half of the intervals deviate by at most this many milliseconds; precise to 0.1. */
  readonly offP50Ms: number;
  /** 99 of 100 intervals deviate by at most this many milliseconds; precise to 0.1. */
  readonly offP99Ms: number;
  /** The largest deviation in milliseconds. */
  readonly offMaxMs: number;
  /** Number of lost pings: an interval of more than 1 500 ms lacks at least one. */
  readonly lost: number;
}

/**
 * Collects intervals in constant memory.
 *
 * @example
 * ```ts
 * import { Cadence } from "@pulsebox/pulsebox";
 *
 * const cadence = new Cadence();
 * for (const intervalMs of [1_000.2, 999.9, 2_000]) cadence.observe(intervalMs);
 * console.log(cadence.figures().lost); // 1
 * ```
 */
export class Cadence {
  readonly #steps = new Uint32Array(STEPS);
  #intervals = 0;
  #sumMs = 0;
  #offMaxMs = 0;
  #lost = 0;

  /** Counts an interval between two pings of one client, in milliseconds. */
  observe(intervalMs: number): void {
    const offMs = Math.abs(intervalMs - PING_INTERVAL_MS);
    const step = Math.min(Math.floor(offMs / STEP_MS), STEPS - 1);
    this.#steps[step] = (this.#steps[step] ?? 0) + 1;
    this.#intervals++;
    this.#sumMs += intervalMs;
    this.#offMaxMs = Math.max(this.#offMaxMs, offMs);
    if (intervalMs > LOST_RATIO * PING_INTERVAL_MS) {
      this.#lost += Math.round(intervalMs / PING_INTERVAL_MS) - 1;
    }
  }

  /** The figures so far. */
  figures(): CadenceFigures {
    return {
      intervals: this.#intervals,
      meanMs: this.#sumMs / this.#intervals,
      offP50Ms: this.#quantile(0.5),
      offP99Ms: this.#quantile(0.99),
      offMaxMs: this.#offMaxMs,
      lost: this.#lost,
    };
  }

  /** Upper end of the class that holds the quantile. */
  #quantile(share: number): number {
    let seen = 0;
    for (let step = 0; step < STEPS; step++) {
      seen += this.#steps[step] ?? 0;
      if (seen > 0 && seen >= this.#intervals * share) {
        return Math.min((step + 1) * STEP_MS, this.#offMaxMs);
      }
    }
    return 0;
  }
}
