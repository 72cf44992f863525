/**
 * How long to wait before each further attempt.
 *
 * @module
 */

/** The share of a wait that chance adds, so that many hosts do not try at the same moment. */
const JITTER = 0.5;

/** Options of {@linkcode Backoff}. */
export interface BackoffOptions {
  /** The shortest wait before the second attempt, in milliseconds; doubled each time. */
  readonly minMs: number;
  /** The wait that is not doubled any more, in milliseconds. */
  readonly maxMs: number;
  /** In [0, 1); `Math.random` if not given. */
  readonly random?: () => number;
}

/** Ever longer waits while attempts fail. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** @return The wait before the next attempt, in milliseconds; at most half longer than `maxMs`. */
  next(): number {
    const { minMs, maxMs, random = Math.random } = this.#options;
    const waitMs = Math.min(minMs * 2 ** this.#failures, maxMs);
    if (waitMs < maxMs) this.#failures++;
    return waitMs * (1 + JITTER * random());
  }

  /** An attempt has succeeded. */
  reset(): void {
    this.#failures = 0;
  }
}
