/**
 * Counts latencies in steps that grow with them.
 *
 * @module
 */

/** Each step is this much wider than the one before: a quantile is right within one percent. */
const STEP_RATIO = 1.01;
const SMALLEST_MS = 0.001;
/** Enough for a minute. */
const STEPS = 1_900;

const LOG_RATIO = Math.log(STEP_RATIO);

/** A histogram of latencies from a microsecond to a minute. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(STEPS);
  #count = 0;

  /** How many latencies were added. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds a latency several times.
   *
   * @param latencyMs The time from the moment when a thing was due to its end: a load that counts from
   * the moment when it got round to sending hides that it was kept from it.
   * @param times How many things took as long.
   */
  add(latencyMs: number, times = 1): void {
    const step = Math.floor(Math.log(Math.max(latencyMs, SMALLEST_MS) / SMALLEST_MS) / LOG_RATIO);
    const index = Math.min(step, STEPS - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + times;
    this.#count += times;
  }

  /** The upper end of the step that holds a share of all latencies, in milliseconds; NaN if none. */
  quantile(share: number): number {
    if (this.#count === 0) return NaN;
    let seen = 0;
    for (let index = 0; index < STEPS; index++) {
      seen += this.#counts[index] ?? 0;
      if (seen >= this.#count * share) return SMALLEST_MS * STEP_RATIO ** (index + 1);
    }
    return Infinity;
  }
}
