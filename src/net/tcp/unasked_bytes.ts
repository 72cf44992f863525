/**
 * How much a peer may send that has nothing to say.
 *
 * @module
 */

/**
 * Bytes that a peer may send within a minute although nobody asked for any, such as a client of a
 * broadcast port. Old clients send a line now and then; who sends more floods.
 */
export const UNASKED_BYTES_MAX = 65_536;

/** After this time the count begins anew, in milliseconds: who stays for months is not ended. */
const UNASKED_WINDOW_MS = 60_000;

/** Counts what one peer sends unasked. */
export class UnaskedBytes {
  #bytes = 0;
  #since = -Infinity;

  /**
   * Notes what came.
   *
   * @param now Monotonic time in milliseconds.
   * @return False if it was too much.
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
