/**
 * A clock that is cheap to read.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { LATE_MS, Timer } from "../timer.ts";

/** How long one reading is used, in milliseconds. */
export const COARSE_CLOCK_STEP_MS = 20;

/**
 * A cached clock: it reads the real clock at most once in {@linkcode COARSE_CLOCK_STEP_MS}, and is
 * no later than that while the process keeps up. A server that answers 100 000 requests a second
 * would otherwise spend a good part of each on reading the clock.
 *
 * Its timer runs only while the clock is in use, so that an idle program sleeps.
 */
export class CoarseClock implements Clock, Disposable {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #isClosed = false;
  #now = 0;
  #wall = 0;
  #lateAt = -Infinity;

  /** @param clock The clock to read. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    if (this.#timer === undefined) this.#read();
    return this.#now;
  }

  /**
   * When the process last failed to keep up, in milliseconds; known only while the clock is in use.
   */
  get lateAt(): number {
    return this.#lateAt;
  }

  wall(): number {
    if (this.#timer === undefined) this.#read();
    return this.#wall;
  }

  /** Stops the timer; the clock can still be read, at full cost. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #read(): void {
    this.#now = this.#clock.now();
    this.#wall = this.#clock.wall();
    if (this.#isClosed) return;
    // This timer must not keep the program from ending.
    this.#timer = Timer.after(COARSE_CLOCK_STEP_MS, this.#onStep).unref();
  }

  readonly #onStep = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    if (now - this.#now - COARSE_CLOCK_STEP_MS > LATE_MS) this.#lateAt = now;
  };
}
