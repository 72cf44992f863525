/**
 * Waiting that can be cut short.
 *
 * @module
 */

import { Timer } from "./timer.ts";

/** A sleep that another task can end early. */
export class Sleep implements Disposable {
  #timer: Timer | undefined;
  #resolve: (() => void) | undefined;
  #isClosed = false;

  /**
   * Sleeps for at least this time unless woken. At most one sleep may be under way.
   *
   * @param ms Milliseconds of any number; `Infinity` sleeps until woken.
   */
  sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = Timer.after(ms, () => this.wake());
    });
  }

  /** Ends the sleep; no effect if nothing is sleeping. */
  wake(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.();
  }

  /** Ends the sleep, and all later ones at once. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
