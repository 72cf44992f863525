/**
 * Whether the brokers keep what a host reported last, and when it reports again if they do not.
 *
 * While brokers choose a leader, they hand messages on and keep none: a console that connects at
 * that time would wait for this report in vain.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { RETELL_MS } from "./options.ts";

/** How long after the first failure a host reports again, in milliseconds; doubled each time. */
export const KEEP_RETRY_MS_MIN: number = SECOND_MS;

/** Watches the answers of the brokers. Times are listening time in milliseconds. */
export class Keeping {
  /** Number of the last report. */
  #number = 0;
  #failures = 0;
  #againAt = Infinity;

  /** A new report is on its way. @return Its number. */
  report(): number {
    this.#againAt = Infinity;
    return ++this.#number;
  }

  /** The brokers keep a report. */
  kept(number: number): void {
    if (number === this.#number) this.#failures = 0;
  }

  /** They do not, or nobody knows. */
  failed(number: number, now: number): void {
    if (number !== this.#number) return;
    this.#againAt = now + Math.min(KEEP_RETRY_MS_MIN * 2 ** this.#failures, RETELL_MS);
    this.#failures++;
  }

  /** The brokers are others now, or others than before. */
  begin(): void {
    this.#failures = 0;
  }

  /** Whether to report again. */
  isDue(now: number): boolean {
    return now >= this.#againAt;
  }
}
