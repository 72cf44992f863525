/**
 * Waiting that can be cut short.
 *
 * @module
 */

import { Timer } from "./timer.ts";

/** One sleeper and whoever may wake it. */
export class Sleep implements Disposable {
  #timer: Timer | undefined;
  #resolve: (() => void) | undefined;
  #isClosed = false;

  /**
   * Waits, for no shorter a time unless somebody wakes the sleeper. At most one may sleep.
   *
   * @param ms Milliseconds of any number; `Infinity` sleeps until somebody wakes the sleeper.
   */
  sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = Timer.after(ms, () => this.wake());
    });
  }

  /** Ends the sleep; nothing happens if nobody sleeps. */
  wake(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.();
  }

  /** Wakes the sleeper and lets nobody sleep any more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
