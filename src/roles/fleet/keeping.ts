/**
 * Whether the brokers keep what a host reported last, and when it reports again if they do not.
 *
 * While brokers choose a leader, they hand messages on and keep none: a console that connects at
 * that time would wait for this report in vain.
 *
 * @module
 */

import { Backoff } from "../../core/backoff.ts";
import { SECOND_MS } from "../../core/clock.ts";
import { RETELL_MS } from "./options.ts";

/** How long after the first failure a host reports again, in milliseconds; doubled each time. */
export const KEEP_RETRY_MS_MIN: number = SECOND_MS;

/** Watches the answers of the brokers. Times are listening time in milliseconds. */
export class Keeping {
  /**
   * A new connection does not shorten the waits: brokers that are too slow for all hosts would get all
   * reports once more from each host that they have just driven away. News does: a console that was
   * between two brokers has missed it, and hears it only when it is reported again.
   */
  readonly #backoff: Backoff;
  /** Number of the last report. */
  #number = 0;
  #againAt = Infinity;
  #problem: string | undefined;

  /** @param random In [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#backoff = new Backoff({ minMs: KEEP_RETRY_MS_MIN, maxMs: RETELL_MS, random });
  }

  /**
   * A report is on its way.
   *
   * @param isNews Whether it says something that no report before it said.
   * @return Its number.
   */
  report(isNews: boolean): number {
    if (isNews) this.#backoff.reset();
    this.#againAt = Infinity;
    return ++this.#number;
  }

  /** Why the brokers do not keep what this host reports, as far as they have answered. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The brokers keep a report. */
  kept(number: number): void {
    if (number !== this.#number) return;
    this.#backoff.reset();
    this.#problem = undefined;
  }

  /**
   * They do not, or nobody knows.
   *
   * @param reason Undefined if that says nothing about the brokers.
   */
  failed(number: number, now: number, reason: string | undefined): void {
    if (number !== this.#number) return;
    this.#againAt = now + this.#backoff.next();
    this.#problem = reason;
  }

  /** Whether to report again. */
  isDue(now: number): boolean {
    return now >= this.#againAt;
  }
}
