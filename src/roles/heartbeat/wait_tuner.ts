/**
 * Tunes the tolerated silence of each application to its jitter.
 *
 * @module
 */

import { ArrivalEstimator } from "../../core/arrival_estimator.ts";
import type { Member } from "../../core/member.ts";
import { MARGIN_MS } from "../../wire/hilbert/replies.ts";

interface Learned {
  estimator: ArrivalEstimator;
  /** What the last beat announced, in milliseconds. */
  announcedMs: number;
}

/** One estimator for each application that was heard; it ends with the application's record. */
export class WaitTuner {
  readonly #marginMsMax: number;
  readonly #learned = new WeakMap<Member, Learned>();

  /** @param marginMsMax The most that is added to an announced delay, in milliseconds. */
  constructor(marginMsMax: number) {
    this.#marginMsMax = marginMsMax;
  }

  /**
   * Learns from a new beat, before the roster records it.
   *
   * @param announcedMs What the beat announces, in milliseconds.
   * @param now Listening time in milliseconds.
   * @return The silence to tolerate from now on, in whole milliseconds.
   */
  tune(member: Member, announcedMs: number, now: number): number {
    let learned = this.#learned.get(member);
    if (learned === undefined) {
      const bounds = { marginMsMin: MARGIN_MS, marginMsMax: this.#marginMsMax };
      learned = { estimator: new ArrivalEstimator(bounds), announcedMs };
      this.#learned.set(member, learned);
    } else if (isTypical(member)) {
      learned.estimator.observe(now - member.heardAt, learned.announcedMs);
    }
    learned.announcedMs = announcedMs;
    return learned.estimator.waitMs(announcedMs);
  }
}

/** The time from a start or an absence to the next beat says nothing about the interval. */
function isTypical(member: Member): boolean {
  return member.pause === undefined && (member.state === "ok" || member.state === "late");
}
