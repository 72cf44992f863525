/**
 * A failed disk, and when to try it again.
 *
 * @module
 */

import { MINUTE_MS, SECOND_MS } from "../core/clock.ts";

/**
 * The first pause between two attempts to use a failed disk, in milliseconds; doubled each time.
 */
export const RETRY_MS_MIN: number = SECOND_MS;
/** The longest pause between two attempts to write to a failed disk, in milliseconds. */
export const RETRY_MS_MAX: number = MINUTE_MS;
/** The fraction by which the wait varies at random, in either direction. */
export const RETRY_JITTER = 0.25;

/** One outage of the disk, from the first failure until the disk works again. */
export class Outage {
  readonly #since: number;
  #reason: string;
  #retryMs = RETRY_MS_MIN;
  #retryAt: number;

  /**
   * @param reason Why the disk failed, as one sentence.
   * @param now Monotonic time in milliseconds, as in all methods.
   */
  constructor(reason: string, now: number) {
    this.#since = now;
    this.#reason = reason;
    this.#retryAt = now + withJitter(this.#retryMs);
  }

  /** True if it is time to try again. */
  isDue(now: number): boolean {
    return now >= this.#retryAt;
  }

  /** Records a failed attempt: the next one comes later. */
  prolong(reason: string, now: number): void {
    this.#reason = reason;
    this.#retryMs = Math.min(RETRY_MS_MAX, 2 * this.#retryMs);
    this.#retryAt = now + withJitter(this.#retryMs);
  }

  /** One sentence for the operator. */
  describe(now: number): string {
    const seconds = Math.round((now - this.#since) / SECOND_MS);
    return `Storage has failed for ${seconds} s, members are kept in memory: ${this.#reason}`;
  }
}

function withJitter(ms: number): number {
  return ms * (1 + RETRY_JITTER * (2 * Math.random() - 1));
}
