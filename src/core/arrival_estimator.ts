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

/** How far one late arrival moves the margin towards its own lateness. */
const ATTACK = 1 / 2;
/** How much of the margin one arrival in time gives back. */
const RELEASE = 1 / 32;

/**
 * Learns how much later than announced somebody usually is heard: a margin that rises half-way to
 * each arrival that was later than it, and sinks slowly while arrivals are in time.
 *
 * A mean and a deviation, as TCP learns its time-outs, would not do: a peer that paces itself by the
 * answer comes a little before the end of the time that it was given, and so would teach its own
 * estimator to give it ever more. An arrival in time teaches nothing here but patience to shrink.
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
   * Takes note of an arrival.
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
