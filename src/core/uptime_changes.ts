/**
 * What was counted and waits to be written.
 *
 * @module
 */

import type { MeasuredOutage, UptimeAccount } from "./uptime_account.ts";

/**
 * The most accounts, and outages, that may wait to be written; beyond it the oldest is dropped.
 */
export const UPTIME_WAITING_MAX = 10_000;

/** Figures and outages that are not yet on disk, or only in an older version. */
export class UptimeChanges {
  readonly #accounts = new Set<UptimeAccount>();
  readonly #outages = new Map<number, MeasuredOutage>();
  #dropped = 0;

  /** Number of members' figures and outages that wait. */
  get size(): number {
    return this.#accounts.size + this.#outages.size;
  }

  /** Number of entries that were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Accounts with fresh figures, the oldest first. */
  get accounts(): ReadonlySet<UptimeAccount> {
    return this.#accounts;
  }

  /** Outages that began, grew or ended, by their number. */
  get outages(): ReadonlyMap<number, MeasuredOutage> {
    return this.#outages;
  }

  /** Records that an account has fresh figures. */
  noteAccount(account: UptimeAccount): void {
    this.#accounts.add(account);
    const [oldest] = this.#accounts;
    if (this.#accounts.size <= UPTIME_WAITING_MAX || oldest === undefined) return;
    this.#accounts.delete(oldest);
    this.#dropped++;
  }

  /** Records that an outage has changed. */
  noteOutage(outage: MeasuredOutage): void {
    this.#outages.set(outage.seq, outage);
    const [oldest] = this.#outages.keys();
    if (this.#outages.size <= UPTIME_WAITING_MAX || oldest === undefined) return;
    this.#outages.delete(oldest);
    this.#dropped++;
  }

  /** Records that an outage became part of another. */
  forgetOutage(outage: MeasuredOutage): void {
    this.#outages.delete(outage.seq);
  }

  /** Removes and returns all outages. */
  takeOutages(): MeasuredOutage[] {
    const outages = [...this.#outages.values()];
    this.#outages.clear();
    return outages;
  }

  /** Records that the fresh figures of accounts, and the present outages, are on disk. */
  settle(accounts: readonly UptimeAccount[], outages: readonly MeasuredOutage[]): void {
    for (const account of accounts) {
      account.fresh.clear();
      this.#accounts.delete(account);
    }
    for (const { seq } of outages) this.#outages.delete(seq);
  }
}
