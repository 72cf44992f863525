/**
 * The schedule of pings: an absolute grid in monotonic time.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";

/** Parts of a second; each client belongs to one. A power of two, as the timer wheel requires. */
export const PHASES = 32;
/** Milliseconds between two turns. */
export const TURN_MS: number = SECOND_MS / PHASES;
/**
 * A turn that is later than this many milliseconds is skipped: the next turn of the same clients
 * would follow in less than half a second.
 */
export const LATE_MS_MAX = 450;

/**
 * Turns at `start + n * TURN_MS`: a late turn does not make the next one late. Turn n serves the
 * clients of phase `n % PHASES`.
 */
export class TickGrid {
  readonly #start: number;
  #turn = 0;

  /** @param start Monotonic time of the first turn in milliseconds, as all times here. */
  constructor(start: number) {
    // With a whole start and a TURN_MS of few binary digits, the time of every turn is exact.
    this.#start = Math.floor(start);
  }

  /** Number of the next turn. */
  get turn(): number {
    return this.#turn;
  }

  /** The phase of the next turn. */
  get phase(): number {
    return this.#turn % PHASES;
  }

  /** When a turn is due: the next turn, or a turn some turns later. */
  dueAt(ahead = 0): number {
    return this.#start + (this.#turn + ahead) * TURN_MS;
  }

  /** Advances by some turns. */
  pass(turns: number): void {
    this.#turn += turns;
  }

  /** Skips all turns that are due before a given time. */
  passBefore(moment: number): void {
    const turn = Math.ceil((moment - this.#start) / TURN_MS);
    if (turn > this.#turn) this.#turn = turn;
  }

  /**
   * If the next turn is too late, skips to the turn that is due now.
   *
   * @return How many turns were skipped.
   */
  skipMissed(now: number): number {
    if (now - this.dueAt() <= LATE_MS_MAX) return 0;
    const turn = Math.floor((now - this.#start) / TURN_MS);
    const skipped = turn - this.#turn;
    this.#turn = turn;
    return skipped;
  }
}
