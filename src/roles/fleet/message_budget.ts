/**
 * How many messages of one host a console reads.
 *
 * The brokers limit no rate: whoever has the key of one host could keep every console busy with reading.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { FLEET_HOSTS_MAX } from "../../core/fleet_picture.ts";

/**
 * The messages of one host that a console reads in a second, on average. A host sends at most four
 * documents and two beats.
 */
export const MESSAGES_PER_SECOND_MAX = 10;
/**
 * The messages of one host that a console reads at once: a broker that comes back delivers what has
 * gathered in two minutes.
 */
export const MESSAGES_BURST = 200;
/**
 * For how many messages an unusable one counts: 64 KiB of brackets take the parser 20 ms on a desktop.
 */
const UNUSABLE_COST = 10;

interface Account {
  tokens: number;
  at: number;
}

/** A token bucket for each host. Times are listening time in milliseconds. */
export class MessageBudget {
  readonly #accounts = new Map<string, Account>();
  /** All hosts beyond the most that a fleet can have. */
  readonly #others: Account = { tokens: MESSAGES_BURST, at: 0 };

  /** Takes a message into account. @return Whether to read it. */
  admits(host: string, now: number): boolean {
    const account = this.#accountOf(host, now);
    const earned = (now - account.at) / SECOND_MS * MESSAGES_PER_SECOND_MAX;
    account.tokens = Math.min(MESSAGES_BURST, account.tokens + earned);
    account.at = now;
    if (account.tokens < 1) return false;
    account.tokens--;
    return true;
  }

  /** A message that was read cannot be used. */
  fine(host: string, now: number): void {
    this.#accountOf(host, now).tokens -= UNUSABLE_COST - 1;
  }

  #accountOf(host: string, now: number): Account {
    const known = this.#accounts.get(host);
    if (known !== undefined) return known;
    if (this.#accounts.size >= FLEET_HOSTS_MAX) return this.#others;
    const account = { tokens: MESSAGES_BURST, at: now };
    this.#accounts.set(host, account);
    return account;
  }
}
