/**
 * Detects members that flap: they come and go too often.
 *
 * @module
 */

import { EventFollower } from "./event_follower.ts";
import type { Events, PulseEvent } from "../core/events.ts";
import { FLAP_LIMITS, FlapDetector } from "../core/flapping.ts";

/** Counts outages as they happen, and reports when a member starts to flap. */
export class FlapWatch implements Disposable {
  readonly #detector: FlapDetector;
  readonly #events: Events;
  readonly #now: () => number;
  readonly #follower: EventFollower;

  /** @param outages Outages within an hour from which on a member flaps; `Infinity` for never. */
  constructor(events: Events, now: () => number, outages: number) {
    this.#detector = new FlapDetector({ ...FLAP_LIMITS, beginsAt: outages });
    this.#events = events;
    this.#now = now;
    this.#follower = new EventFollower(events, (event) => this.#take(event));
  }

  /** True while a member, named `PROTOCOL/IDENTITY`, flaps. */
  isFlapping(id: string): boolean {
    this.#follower.flush();
    return this.#detector.isFlapping(id, this.#now());
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
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
