/**
 * Learns from earlier arrivals how long to wait for the next one.
 *
 * @module
 */

/** Options of {@linkcode ArrivalEstimator}. */
export interface ArrivalEstimatorOptions {
  /** The least time that is added to an announced delay, in milliseconds. */
  marginMsMin: number;
  /** The most time that is added to an announced delay, in milliseconds. */
  marginMsMax: number;
}

/** How far a late arrival moves the margin towards its own lateness, as a fraction. */
const ATTACK = 1 / 2;
/** The fraction of the margin that an arrival in time removes. */
const RELEASE = 1 / 32;

/**
 * Learns how much later than announced a member usually arrives. The margin rises half-way to each
 * arrival that exceeds it, and sinks slowly while arrivals are in time.
 *
 * A mean and a deviation, from which TCP learns its timeouts, would not do. A peer that paces
 * itself by the answer arrives shortly before its time is over, and would so teach the estimator to
 * grant it ever more. Here, an arrival in time can only shrink the margin.
 */
export class ArrivalEstimator {
  readonly #options: ArrivalEstimatorOptions;
  #marginMs: number;

  /** @throws {RangeError} if the bounds are not in order. */
  constructor(options: ArrivalEstimatorOptions) {
    const { marginMsMin, marginMsMax } = options;
    if (!(marginMsMin > 0 && marginMsMin <= marginMsMax && marginMsMax < Infinity)) {
      throw new RangeError(
        `Cannot estimate arrivals: margins are ${marginMsMin} and ${marginMsMax}, must be 0 < min <= max`,
      );
    }
    this.#options = options;
    this.#marginMs = marginMsMin;
  }

  /**
   * Records an arrival.
   *
   * @param gapMs Time since the arrival before it, in milliseconds.
   * @param announcedMs The longest gap that was announced for it, in milliseconds.
   */
  observe(gapMs: number, announcedMs: number): void {
    const { marginMsMin, marginMsMax } = this.#options;
    const lateMs = gapMs - announcedMs - this.#marginMs;
    const changeMs = lateMs > 0 ? lateMs * ATTACK : -this.#marginMs * RELEASE;
    this.#marginMs = Math.min(Math.max(this.#marginMs + changeMs, marginMsMin), marginMsMax);
  }

  /**
   * How long to wait for the next arrival, in whole milliseconds: the announced delay and a margin
   * within the bounds.
   *
   * @param announcedMs The longest gap that was announced for it, in milliseconds.
   */
  waitMs(announcedMs: number): number {
    return Math.ceil(announcedMs + this.#marginMs);
  }
}
