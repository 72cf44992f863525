/**
 * Time during which Pulsebox was able to listen.
 *
 * @module
 */

/** Options of {@linkcode ListeningTime}. */
export interface ListeningTimeOptions {
  /** How often the owner promises to call {@linkcode ListeningTime.at}, in milliseconds. */
  pulseMs: number;
  /** A gap between two calls of at least this many milliseconds is an absence. */
  stallMs: number;
  /**
   * Called with each absence: its length in milliseconds, and when it ended, in listening time.
   */
  onAbsence?: (absentMs: number, at: number) => void;
}

/**
 * Converts monotonic time into listening time, which stands still while the process did not run.
 *
 * A process that was stopped, starved or debugged heard nobody, so nobody may be late because of
 * it. The owner calls {@linkcode ListeningTime.at} at every wake-up and at least once each
 * `pulseMs`; a gap of `stallMs` or more counts as one pulse. All leases are kept in listening time,
 * which shifts every deadline at once, whatever their number.
 */
export class ListeningTime {
  readonly #pulseMs: number;
  readonly #stallMs: number;
  readonly #onAbsence: ((absentMs: number, at: number) => void) | undefined;
  #lastSeen = 0;
  #absentMs = 0;

  /**
   * @param now Monotonic time of the start, in milliseconds.
   * @param options The rhythm that the owner promises and what counts as an absence.
   * @throws {RangeError} if `stallMs` is not larger than `pulseMs`.
   */
  constructor(now: number, options: ListeningTimeOptions) {
    if (!(options.stallMs > options.pulseMs && options.pulseMs > 0)) {
      throw new RangeError(
        `Cannot measure absences: stallMs is ${options.stallMs}, must be > pulseMs ${options.pulseMs} > 0`,
      );
    }
    this.#pulseMs = options.pulseMs;
    this.#stallMs = options.stallMs;
    this.#onAbsence = options.onAbsence;
    this.#lastSeen = now;
  }

  /** Sum of all absences so far, in milliseconds. */
  get absentMs(): number {
    return this.#absentMs;
  }

  /**
   * Listening time at a moment of monotonic time. A moment before the last one seen counts as the
   * last one seen.
   *
   * @param now Monotonic time in milliseconds.
   */
  at(now: number): number {
    const gapMs = now - this.#lastSeen;
    if (gapMs <= 0) return this.#lastSeen - this.#absentMs;
    this.#lastSeen = now;
    if (gapMs < this.#stallMs) return now - this.#absentMs;
    const absentMs = gapMs - this.#pulseMs;
    this.#absentMs += absentMs;
    const at = now - this.#absentMs;
    this.#onAbsence?.(absentMs, at);
    return at;
  }
}
