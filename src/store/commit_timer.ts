/**
 * The interval of the group commits.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";

/**
 * Time between two group commits, in milliseconds: a kill may cost one second, and the commit
 * itself takes a part of that.
 */
export const COMMIT_INTERVAL_MS = 900;

/** Options of {@linkcode CommitTimer}. */
export interface CommitTimerOptions {
  clock: Clock;
  /** Does the work that is due. True if more is waiting for the next turn. */
  onDue: () => boolean;
}

/**
 * Calls back at absolute deadlines, so that the interval does not drift. Missed deadlines are
 * skipped.
 */
export class CommitTimer {
  readonly #options: CommitTimerOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: CommitTimerOptions) {
    this.#options = options;
  }

  /** Starts the first interval. Idempotent. */
  start(): void {
    const { clock } = this.#options;
    if (this.#timer === undefined && !this.#closed) {
      this.#schedule(clock.now() + COMMIT_INTERVAL_MS);
    }
  }

  /** Stops calling back. Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(at: number): void {
    const { clock, onDue } = this.#options;
    this.#timer = setTimeout(() => {
      const more = onDue();
      const now = clock.now();
      if (!this.#closed) this.#schedule(more ? now : Math.max(at + COMMIT_INTERVAL_MS, now));
    }, Math.max(0, at - clock.now()));
  }
}
