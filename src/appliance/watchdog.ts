/**
 * Tells the service manager that the appliance is alive, as long as every role is healthy.
 *
 * @module
 */

import { Timer } from "../net/timer.ts";

/** Options of a {@linkcode Watchdog}. */
export interface WatchdogOptions {
  /** Milliseconds between two signs of life, more than 0. */
  intervalMs: number;
  /** Returns what is wrong now; a sign of life is given only if nothing is. */
  problems: () => readonly string[];
  /** Gives a sign of life. */
  pet: () => void;
  /** Called when signs of life end, with the reasons. */
  onSilent: (problems: readonly string[]) => void;
}

/** Gives a sign of life each interval while nothing is wrong. */
export class Watchdog implements Disposable {
  readonly #options: WatchdogOptions;
  readonly #timer: Timer;
  #silent = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#timer = Timer.every(options.intervalMs, () => this.check());
    this.check();
  }

  /** Checks now, without waiting for the interval. */
  check(): void {
    const problems = this.#options.problems();
    if (problems.length === 0) this.#options.pet();
    else if (!this.#silent) this.#options.onSilent(problems);
    this.#silent = problems.length > 0;
  }

  [Symbol.dispose](): void {
    this.#timer.stop();
  }
}
