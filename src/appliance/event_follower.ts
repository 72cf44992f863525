/**
 * Follows events one after the other, after the call that published them has returned.
 *
 * @module
 */

import type { Events, PulseEvent, Subscription } from "../core/events.ts";

/** The most events that may wait for a follower; then the oldest is dropped. */
const QUEUE_LENGTH = 10_000;

/** Hands each event on soon after it was published, so that a follower delays no publisher. */
export class EventFollower implements Disposable {
  readonly #subscription: Subscription;
  readonly #take: (event: PulseEvent) => void;

  /**
   * @param take Called with each event, the oldest first.
   * @param onceTaken Called after all that waited were handed on.
   */
  constructor(events: Events, take: (event: PulseEvent) => void, onceTaken?: () => void) {
    this.#take = take;
    this.#subscription = events.subscribe({
      capacity: QUEUE_LENGTH,
      onWaiting: () =>
        queueMicrotask(() => {
          this.flush();
          onceTaken?.();
        }),
    });
  }

  /** Number of events that the follower was too slow for. */
  get dropped(): number {
    return this.#subscription.dropped;
  }

  /** Hands on what waits, for a question that an event may have changed the answer to. */
  flush(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      this.#take(event);
    }
  }

  /** Ends following. What waits is not handed on. */
  [Symbol.dispose](): void {
    this.#subscription.close();
  }
}
