/**
 * Waiting for time to pass, and being woken before.
 *
 * @module
 */

import { Timer } from "./timer.ts";

/**
 * Resolves after a time, or when a signal is aborted, whichever is first; never rejects.
 *
 * @param ms Milliseconds as in {@linkcode Timer.after}; `Infinity` sleeps until the signal.
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  using _ = Timer.after(ms, end);
  signal?.addEventListener("abort", end);
  try {
    await promise;
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

/**
 * Waits for work, but no longer than a time.
 *
 * @param ms Milliseconds as in {@linkcode Timer.after}.
 * @return Whether the work came first; it goes on otherwise.
 */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  using patience = new Sleep();
  return await Promise.race([work.then(() => true), patience.sleep(ms).then(() => false)]);
}

/** Sleeps of one task that others can end early. */
export class Sleep implements Disposable {
  #waking: AbortController | undefined;
  #isClosed = false;

  /**
   * Sleeps for at least this time unless woken. At most one sleep may be under way.
   *
   * @param ms Milliseconds of any number; `Infinity` sleeps until woken.
   */
  sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#waking = new AbortController();
    return sleep(ms, this.#waking.signal);
  }

  /** Ends the sleep; no effect if nothing is sleeping. */
  wake(): void {
    this.#waking?.abort();
    this.#waking = undefined;
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
