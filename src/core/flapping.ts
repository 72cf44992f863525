/**
 * Detects members that come and go too often for a notice each time.
 *
 * @module
 */

import { HOUR_MS } from "./clock.ts";

/** When a member begins and ceases to count as flapping. */
export interface FlapLimits {
  /** The number of outages within the window at which flapping begins. */
  readonly beginsAt: number;
  /** The number of outages within the window below which flapping ends. */
  readonly endsBelow: number;
  /** How long an outage is remembered, in milliseconds. */
  readonly windowMs: number;
}

/** Flapping begins with five outages within an hour and ends when fewer than two are left. */
export const FLAP_LIMITS: FlapLimits = { beginsAt: 5, endsBelow: 2, windowMs: HOUR_MS };

/**
 * The most identities whose outages are remembered; the one whose last outage is oldest makes room.
 */
export const FLAP_IDENTITIES_MAX = 10_000;

interface Record {
  /** Times of the last outages, oldest first; at most as many as it takes to begin. */
  outages: number[];
  flapping: boolean;
}

/**
 * Remembers the outages of the last hour, with hysteresis: flapping ends only after a quiet time.
 */
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
   * Records an outage.
   *
   * @return `begins` if this outage makes the identity flap, `flapping` if it flapped before.
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
