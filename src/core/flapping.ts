/**
 * Who comes and goes too often to be told of each time.
 *
 * @module
 */

import { HOUR_MS } from "./clock.ts";

/** When somebody begins and ends to count as flapping. */
export interface FlapLimits {
  /** Outages within the window that make somebody flap. */
  readonly beginsAt: number;
  /** Outages within the window with which it still flaps; fewer end it. */
  readonly endsBelow: number;
  /** How long an outage is remembered, in milliseconds. */
  readonly windowMs: number;
}

/** Five outages within an hour begin it; it ends when fewer than two are left. */
export const FLAP_LIMITS: FlapLimits = { beginsAt: 5, endsBelow: 2, windowMs: HOUR_MS };

/** Identities of which outages are remembered; the one that has been well for longest makes room. */
export const FLAP_IDENTITIES_MAX = 10_000;

interface Record {
  /** Times of the last outages, oldest first; at most as many as it takes to begin. */
  outages: number[];
  flapping: boolean;
}

/** Remembers outages of the last hour, with hysteresis: who flaps has to be well for a while. */
export class FlapDetector {
  readonly #limits: FlapLimits;
  /** In the order of the last outage. */
  readonly #records = new Map<string, Record>();

  constructor(limits: FlapLimits = FLAP_LIMITS) {
    this.#limits = limits;
  }

  /** Number of identities with outages that are remembered. */
  get size(): number {
    return this.#records.size;
  }

  /**
   * Takes note of an outage.
   *
   * @return `begins` if it is the one that makes the identity flap, `flapping` if it did before.
   */
  outage(id: string, now: number): "steady" | "begins" | "flapping" {
    const record = this.#records.get(id) ?? { outages: [], flapping: false };
    this.#settle(record, now);
    this.#records.delete(id);
    this.#records.set(id, record);
    if (this.#records.size > FLAP_IDENTITIES_MAX) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
    record.outages.push(now);
    if (record.outages.length > this.#limits.beginsAt) record.outages.shift();
    if (record.flapping) return "flapping";
    record.flapping = record.outages.length >= this.#limits.beginsAt;
    return record.flapping ? "begins" : "steady";
  }

  /** True while an identity flaps. */
  isFlapping(id: string, now: number): boolean {
    const record = this.#records.get(id);
    if (record === undefined) return false;
    this.#settle(record, now);
    if (record.outages.length === 0) this.#records.delete(id);
    return record.flapping;
  }

  /** Forgets an identity. */
  forget(id: string): void {
    this.#records.delete(id);
  }

  #settle(record: Record, now: number): void {
    const since = now - this.#limits.windowMs;
    while (record.outages[0] !== undefined && record.outages[0] < since) record.outages.shift();
    if (record.outages.length < this.#limits.endsBelow) record.flapping = false;
  }
}
