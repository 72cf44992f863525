/**
 * Limits what a peer may send when nothing is expected of it.
 *
 * @module
 */

/**
 * The most bytes that a peer may send unasked within a minute, for example to a broadcast port.
 * Old clients send a line now and then; a peer that sends more is flooding.
 */
export const UNASKED_BYTES_MAX = 65_536;

/** The count restarts after this time, in milliseconds, so that a peer may stay for months. */
const UNASKED_WINDOW_MS = 60_000;

/** Counts what one peer sends unasked. */
export class UnaskedBytes {
  #bytes = 0;
  #since = -Infinity;

  /**
   * Counts bytes that have arrived.
   *
   * @param now Monotonic time in milliseconds.
   * @return False if the limit is exceeded.
   */
  add(bytes: number, now: number): boolean {
    if (now - this.#since >= UNASKED_WINDOW_MS) {
      this.#since = now;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    return this.#bytes <= UNASKED_BYTES_MAX;
  }
}
