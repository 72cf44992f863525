/**
 * When a connection to a broker that carries nothing is given up for another one.
 *
 * Brokers that are too slow for all hosts become slower with each reconnection: after it, a host
 * reports again, and requests what it may have missed. So after each connection that was given up, the
 * next one is kept longer. A broker that ends its connections costs no patience.
 *
 * @module
 */

import { Backoff } from "../../core/backoff.ts";
import { DEAF_RECONNECT_MS_MAX, ECHO_MS_MAX } from "./options.ts";

/** How long a connection must have stood for its messages to end the series, in milliseconds. */
export const STABLE_MS: number = 2 * DEAF_RECONNECT_MS_MAX;

/** Judges the connections of one host. Times are listening time in milliseconds. */
export class Patience {
  readonly #backoff: Backoff;
  #waitMs: number;
  #upAt = -Infinity;

  /** @param random In [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#backoff = new Backoff({ minMs: ECHO_MS_MAX, maxMs: DEAF_RECONNECT_MS_MAX, random });
    this.#waitMs = this.#backoff.next();
  }

  /** A connection stands. */
  up(now: number): void {
    this.#upAt = now;
  }

  /** The connection has carried a message of ours; after {@linkcode STABLE_MS} that ends the series. */
  heard(now: number): void {
    if (now - this.#upAt < STABLE_MS) return;
    this.#backoff.reset();
    this.#waitMs = this.#backoff.next();
  }

  /** Gives up a connection that stands and carries nothing, if it is time; the next is kept longer. */
  givesUp(now: number): boolean {
    if (now - this.#upAt < this.#waitMs) return false;
    this.#waitMs = this.#backoff.next();
    this.#upAt = Infinity;
    return true;
  }
}
