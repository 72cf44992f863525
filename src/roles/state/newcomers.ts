/**
 * How many new clients an address may bring.
 *
 * @module
 */

import { addressBlock } from "../../core/address_block.ts";
import { MINUTE_MS, SECOND_MS } from "../../core/clock.ts";

/**
 * The size of the token bucket for new clients: a whole studio behind one address is switched on at
 * once. A faulty patch that makes a new client with each frame empties it within ten seconds.
 */
export const NEWCOMERS_BURST = 512;
/** The most addresses that are counted; when there are more, all counts start over. */
const ADDRESSES_MAX = 4_096;

interface Account {
  tokens: number;
  at: number;
}

/** A token bucket for each address, or /64 of IPv6. */
export class Newcomers {
  readonly #perSecondMax: number;
  readonly #accounts = new Map<string, Account>();

  /** @param perSecondMax The sustained rate of new clients per second from one address. */
  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  /**
   * Counts a new client.
   *
   * @param now Milliseconds, never decreasing.
   * @return 0 if it is accepted, else the number of whole seconds after which it may retry.
   */
  admit(address: string, now: number): number {
    const block = addressBlock(address);
    const account = this.#accounts.get(block) ?? this.#open(block, now);
    const earned = (now - account.at) / SECOND_MS * this.#perSecondMax;
    account.tokens = Math.min(NEWCOMERS_BURST, account.tokens + earned);
    account.at = now;
    if (account.tokens >= 1) {
      account.tokens--;
      return 0;
    }
    return Math.ceil((1 - account.tokens) / this.#perSecondMax);
  }

  #open(block: string, now: number): Account {
    if (this.#accounts.size >= ADDRESSES_MAX) this.#forget(now);
    const account = { tokens: NEWCOMERS_BURST, at: now };
    this.#accounts.set(block, account);
    return account;
  }

  #forget(now: number): void {
    for (const [address, { at }] of this.#accounts) {
      if (now - at > MINUTE_MS) this.#accounts.delete(address);
    }
    if (this.#accounts.size >= ADDRESSES_MAX) this.#accounts.clear();
  }
}
