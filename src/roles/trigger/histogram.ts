/**
 * A histogram of durations.
 *
 * @module
 */

/**
 * Upper bounds of the buckets in seconds; longer durations appear only in the sum and the count.
 */
export const DURATION_BOUNDS_SECONDS: readonly number[] = [
  0.0005,
  0.001,
  0.002,
  0.005,
  0.01,
  0.02,
  0.05,
  0.1,
  0.5,
  1,
];

/** Durations in buckets, as metrics show them. */
export class DurationHistogram {
  readonly #buckets = new Array<number>(DURATION_BOUNDS_SECONDS.length).fill(0);
  #count = 0;
  #sumMs = 0;

  /** Number of durations. */
  get count(): number {
    return this.#count;
  }

  /** Counts a duration in milliseconds; a negative duration counts as 0. */
  observe(ms: number): void {
    const duration = Math.max(ms, 0);
    this.#count++;
    this.#sumMs += duration;
    const bucket = DURATION_BOUNDS_SECONDS.findIndex((bound) => duration <= bound * 1000);
    if (bucket >= 0) this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  /** The number of durations up to each bound, in seconds; the last bound is infinite. */
  cumulative(): { readonly bound: number; readonly count: number }[] {
    let below = 0;
    const rows = DURATION_BOUNDS_SECONDS.map((bound, index) => {
      below += this.#buckets[index] ?? 0;
      return { bound, count: below };
    });
    return [...rows, { bound: Infinity, count: this.#count }];
  }

  /** Adds the samples of a histogram with this name, in Prometheus' naming. */
  put(samples: Record<string, number>, name: string): void {
    for (const { bound, count } of this.cumulative()) {
      samples[`${name}_bucket{le="${bound === Infinity ? "+Inf" : bound}"}`] = count;
    }
    samples[`${name}_sum`] = this.#sumMs / 1000;
    samples[`${name}_count`] = this.#count;
  }
}
