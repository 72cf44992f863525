/**
 * What the link to a ventilator's controller may be taken for, worked out from what the controller
 * did alone: late after 1.8 s of silence, lost after 3 s.
 *
 * @module
 */

import type { HostPause } from "./expectation.ts";

const LATE_MS = 1_800;
/** The silence after which the controller counts as failed, in milliseconds. */
export const LOST_MS = 3_000;
/** Timers fire up to this much late, in milliseconds. */
const SLACK_MS = 20;
/** The host counts a standstill as at most this, in milliseconds. */
const STANDSTILL_COUNTS_MS_MAX = 500;
/** For how long one failed operation may keep the controller from being heard, in milliseconds. */
const DOUBT_MS = 1_000;

/** The link. */
export class LinkExpectation {
  /** The least and the most silence that may count, in milliseconds. */
  #least = 0;
  #most = 0;
  #heard: "no" | "maybe" | "yes" = "no";

  /** Whether its loss is due for certain, or may be. */
  get loss(): "no" | "maybe" | "certain" {
    if (this.#least > LOST_MS + SLACK_MS) return "certain";
    return this.#most >= LOST_MS - SLACK_MS ? "maybe" : "no";
  }

  /** Whether its loss may be due after some more silence, in milliseconds. */
  mayBeLostAfter(ms: number): boolean {
    return this.#most + ms >= LOST_MS - SLACK_MS;
  }

  /** An operation of the machine has failed: it may have been silent for longer. */
  doubt(): void {
    this.#least = 0;
    this.#most += DOUBT_MS;
  }

  hear(): void {
    this.#least = 0;
    this.#most = 0;
    this.#heard = "yes";
  }

  listen(ms: number, hostPause: HostPause): void {
    this.#pass(ms, ms, hostPause);
  }

  stand(ms: number, hostPause: HostPause): void {
    this.#pass(0, Math.min(ms, STANDSTILL_COUNTS_MS_MAX), hostPause);
  }

  /** The host's maintenance has ended: silence in it does not count. */
  excuse(): void {
    this.#least = 0;
  }

  /** The host has begun anew: it expects the controller, or remembers that it was well. */
  restart(): void {
    this.#least = 0;
    this.#most = 0;
    this.#heard = "maybe";
  }

  /** All states that may be shown for it now. */
  allowed(): Set<string> {
    const states = new Set<string>();
    const [least, most] = [this.#least, this.#most];
    if (most >= LOST_MS - SLACK_MS) states.add("lost");
    if (this.#heard !== "yes" && least <= LOST_MS + SLACK_MS) states.add("starting");
    if (this.#heard === "no") return states;
    if (least <= LATE_MS + SLACK_MS) states.add("ok");
    if (least <= LOST_MS + SLACK_MS && most >= LATE_MS - SLACK_MS) states.add("late");
    return states;
  }

  #pass(least: number, most: number, hostPause: HostPause): void {
    if (hostPause === "certain") return;
    this.#most += most;
    this.#least = hostPause === "none" ? this.#least + least : 0;
  }
}
