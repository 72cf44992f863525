/**
 * Detects members that flap: they come and go too often.
 *
 * @module
 */

import type { Events, PulseEvent, Subscription } from "../core/events.ts";
import { FLAP_LIMITS, FlapDetector } from "../core/flapping.ts";

/** The most events that may wait. */
const QUEUE_LENGTH = 10_000;

/** Counts outages as they happen, and reports when a member starts to flap. */
export class FlapWatch implements Disposable {
  readonly #detector: FlapDetector;
  readonly #events: Events;
  readonly #now: () => number;
  readonly #subscription: Subscription;

  /** @param outages Outages within an hour from which on a member flaps; `Infinity` for never. */
  constructor(events: Events, now: () => number, outages: number) {
    this.#detector = new FlapDetector({ ...FLAP_LIMITS, beginsAt: outages });
    this.#events = events;
    this.#now = now;
    this.#subscription = events.subscribe({
      capacity: QUEUE_LENGTH,
      onWaiting: () => queueMicrotask(() => this.#collect()),
    });
  }

  /** True while a member, named `PROTOCOL/IDENTITY`, flaps. */
  isFlapping(id: string): boolean {
    this.#collect();
    return this.#detector.isFlapping(id, this.#now());
  }

  [Symbol.dispose](): void {
    this.#subscription.close();
  }

  #collect(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      this.#take(event);
    }
  }

  #take(event: PulseEvent): void {
    if (event.type === "member-forgotten") this.#detector.forget(nameOf(event));
    if (event.type !== "member-state" || event.to !== "lost" || event.paused) return;
    if (this.#detector.outage(nameOf(event), event.at) !== "begins") return;
    this.#events.publish({ type: "member-flapping", at: event.at, member: event.member });
  }
}

function nameOf({ member }: Extract<PulseEvent, { type: "member-state" | "member-forgotten" }>) {
  return `${member.protocol}/${member.id}`;
}
