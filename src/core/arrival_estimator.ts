/**
 * How long to wait for somebody, learned from when it came before.
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

/** Weight of the newest observation, in the mean and in the deviation. */
const GAIN = 1 / 8;
/** How many mean deviations beyond the mean are still in order. */
const DEVIATIONS = 4;

/**
 * Learns how much later than announced somebody usually is heard, as TCP learns its time-outs
 * (RFC 6298): a smoothed mean and a smoothed deviation.
 *
 * A peer that paces itself by the answer makes a loop of it: it comes a little before the end of the
 * time that it was given. With both weights at an eighth a disturbance dies down in that loop; with
 * TCP's quarter for the deviation it would grow up to the bound.
 */
export class ArrivalEstimator {
  readonly #options: ArrivalEstimatorOptions;
  #meanMs = 0;
  #deviationMs = 0;
  #observations = 0;

  /** @throws {RangeError} if the bounds are not in order. */
  constructor(options: ArrivalEstimatorOptions) {
    const { marginMsMin, marginMsMax } = options;
    if (!(marginMsMin > 0 && marginMsMin <= marginMsMax && marginMsMax < Infinity)) {
      throw new RangeError(
        `Cannot estimate arrivals: margins are ${marginMsMin} and ${marginMsMax}, must be 0 < min <= max`,
      );
    }
    this.#options = options;
  }

  /** Number of arrivals seen. */
  get observations(): number {
    return this.#observations;
  }

  /**
   * Takes note of an arrival.
   *
   * @param gapMs Time since the arrival before it, in milliseconds.
   * @param announcedMs The longest gap that was announced for it, in milliseconds.
   */
  observe(gapMs: number, announcedMs: number): void {
    const excessMs = gapMs - announcedMs;
    if (this.#observations++ === 0) {
      this.#meanMs = excessMs;
      return;
    }
    this.#deviationMs += (Math.abs(excessMs - this.#meanMs) - this.#deviationMs) * GAIN;
    this.#meanMs += (excessMs - this.#meanMs) * GAIN;
  }

  /**
   * How long to wait for the next arrival, in whole milliseconds: the announced delay and a margin
   * within the bounds.
   *
   * @param announcedMs The longest gap that was announced for it, in milliseconds.
   */
  waitMs(announcedMs: number): number {
    const { marginMsMin, marginMsMax } = this.#options;
    const learnedMs = this.#meanMs + DEVIATIONS * this.#deviationMs;
    return Math.ceil(announcedMs + Math.min(Math.max(learnedMs, marginMsMin), marginMsMax));
  }
}
