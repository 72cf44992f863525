/**
 * What the link to a ventilator's controller may be taken for, worked out from what the controller
 * did alone: lost after the silence that the settings name, late after 0.6 of it.
 *
 * @module
 */

import type { HostPause } from "./expectation.ts";

/** The silence after which a controller counts as failed unless told otherwise, in milliseconds. */
export const SILENCE_MS = 3_000;
/** The share of it that makes it late. */
const LATE_SHARE = 0.6;
/** Timers fire up to this much late, in milliseconds. */
const SLACK_MS = 20;
/** The host counts a standstill as at most this, in milliseconds. */
const STANDSTILL_COUNTS_MS_MAX = 500;
/** For how long one failed operation may keep the controller from being heard, in milliseconds. */
const DOUBT_MS = 1_000;

/** The link. */
export class LinkExpectation {
  readonly #lateMs: number;
  readonly #lostMs: number;
  /** The least and the most silence that may count, in milliseconds. */
  #least = 0;
  #most = 0;
  #heard: "no" | "maybe" | "yes" = "no";

  /** @param silenceMs The silence that makes it lost, in milliseconds. */
  constructor(silenceMs: number) {
    this.#lostMs = silenceMs;
    this.#lateMs = LATE_SHARE * silenceMs;
  }

  /** Whether its loss is due for certain, or may be. */
  get loss(): "no" | "maybe" | "certain" {
    return this.lossAfter({ least: 0, most: 0 }, "none");
  }

  /** The silence that is left until its loss is certain, in milliseconds, more than 0. */
  get lossLeftMs(): number {
    return Math.max(1, this.#lostMs + SLACK_MS - this.#least + 1);
  }

  /** The same after some more silence in milliseconds; less than 0 if some of what counts was none. */
  lossAfter(
    { least, most }: { readonly least: number; readonly most: number },
    hostPause: HostPause,
  ): "no" | "maybe" | "certain" {
    const certain = this.#least + (hostPause === "none" || least < 0 ? least : 0);
    if (certain > this.#lostMs + SLACK_MS) return "certain";
    const possible = this.#most + (hostPause === "certain" ? 0 : most);
    return possible >= this.#lostMs - SLACK_MS ? "maybe" : "no";
  }

  /** Whether its loss may be due after some more silence, in milliseconds. */
  mayBeLostAfter(ms: number): boolean {
    return this.#most + ms >= this.#lostMs - SLACK_MS;
  }

  /** An operation of the machine has failed: it may have been silent for longer. */
  doubt(): void {
    this.#least = 0;
    this.#most += DOUBT_MS;
  }

  /** It was heard, at most so long ago, in milliseconds. */
  hear(agoMs: number): void {
    this.#least = 0;
    this.#most = agoMs;
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
    if (most >= this.#lostMs - SLACK_MS) states.add("lost");
    if (this.#heard !== "yes" && least <= this.#lostMs + SLACK_MS) states.add("starting");
    if (this.#heard === "no") return states;
    if (least <= this.#lateMs + SLACK_MS) states.add("ok");
    if (least <= this.#lostMs + SLACK_MS && most >= this.#lateMs - SLACK_MS) states.add("late");
    return states;
  }

  #pass(least: number, most: number, hostPause: HostPause): void {
    if (hostPause === "certain") return;
    this.#most += most;
    this.#least = hostPause === "none" ? this.#least + least : 0;
  }
}
