/**
 * The single timer behind a table of leases.
 *
 * @module
 */

import { Timer } from "./timer.ts";

/**
 * The longest wait of the timer, in milliseconds; after it, the clock of the leases is read again.
 */
export const WAKE_TIMER_WAIT_MS_MAX = 3_600_000;

/** Options of {@linkcode WakeTimer}. */
export interface WakeTimerOptions {
  /** Monotonic time in milliseconds. */
  now: () => number;
  /** When the table wants to be advanced next, in milliseconds; undefined if it holds nothing. */
  nextWake: () => number | undefined;
  /** Advances the table to a moment. */
  advance: (now: number) => void;
}

/**
 * Wakes a table of leases at its earliest deadline, never before it and with no timer while the
 * table is empty. Deadlines are absolute: a wake-up that is late does not make the next one late.
 */
export class WakeTimer implements Disposable {
  readonly #options: WakeTimerOptions;
  #timer: Timer | undefined;
  #wakeAt = Infinity;
  #isClosed = false;

  /** @param options The table, as three functions, and its clock. */
  constructor(options: WakeTimerOptions) {
    this.#options = options;
  }

  /**
   * Call it when a deadline was added or moved forward. Costs nothing unless it is earlier than the
   * wake-up that is already arranged.
   *
   * @param deadline The deadline; if not given, the table is asked.
   */
  poke(deadline?: number): void {
    const wakeAt = deadline ?? this.#options.nextWake() ?? Infinity;
    if (wakeAt < this.#wakeAt) this.#arm(wakeAt);
  }

  /** Ends all waking. */
  close(): void {
    this.#isClosed = true;
    this.#wakeAt = Infinity;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(wakeAt: number): void {
    if (this.#isClosed) return;
    this.#timer?.stop();
    this.#wakeAt = wakeAt;
    const waitMs = wakeAt - this.#options.now();
    this.#timer = Timer.after(Math.min(waitMs, WAKE_TIMER_WAIT_MS_MAX), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#wakeAt = Infinity;
    try {
      this.#options.advance(this.#options.now());
    } finally {
      // Whatever a listener throws, all other leases must still end.
      const next = this.#options.nextWake();
      if (next !== undefined && next < this.#wakeAt) this.#arm(next);
    }
  };
}
