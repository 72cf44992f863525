/**
 * One operation of the machine that fails once.
 *
 * @module
 */

/** What a host asks its machine to do, and may be refused. */
export type Operation = "accept" | "read" | "write" | "send" | "disk" | "listen" | "serial";

/** Counts the operations of a host, and makes one of them fail. */
export class Ordeal {
  /** Operations so far. */
  count = 0;
  /** What has failed, and when in monotonic time (ms); undefined while nothing has. */
  fired: { readonly operation: Operation; readonly at: number } | undefined;
  readonly #failAt: number;
  readonly #now: () => number;

  /**
   * @param failAt Number of the operation that fails, from 1; `Infinity` for none.
   * @param now Monotonic time in milliseconds.
   */
  constructor(failAt: number, now: () => number) {
    this.#failAt = failAt;
    this.#now = now;
  }

  /** Whether the operation that the host asks for now is to fail. */
  strikes(operation: Operation): boolean {
    if (++this.count !== this.#failAt) return false;
    this.fired = { operation, at: this.#now() };
    return true;
  }
}
