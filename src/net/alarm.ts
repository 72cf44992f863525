/**
 * Waiting that can be cut short.
 *
 * @module
 */

/** One sleeper and whoever may wake it. */
export class Alarm implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve: (() => void) | undefined;
  #isClosed = false;

  /**
   * Waits, for no shorter a time unless somebody wakes the sleeper. At most one may sleep.
   *
   * @param ms Milliseconds; fractions are rounded up, because timers count whole ones.
   */
  sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = setTimeout(() => this.wake(), Math.ceil(Math.max(ms, 0)));
    });
  }

  /** Ends the sleep; nothing happens if nobody sleeps. */
  wake(): void {
    clearTimeout(this.#timer);
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
