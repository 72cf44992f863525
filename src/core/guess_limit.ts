/**
 * How often somebody may try a wrong token. All entrances of a host that take tokens share one limit.
 *
 * Every token is looked at before its sender is, so that nobody who has a right one is ever locked
 * out, whoever else guesses from the same address. What keeps guessers out is the length of tokens;
 * the limit tells them to stop, and the host's operator that they are there.
 *
 * @module
 */

import { addressBlock } from "./address_block.ts";
import { parseAddress } from "./cidr.ts";
import { MINUTE_MS } from "./clock.ts";

/** The most wrong tokens from one address within a window; then it has to wait. */
export const WRONG_TOKENS_MAX = 10;
/** The window, in milliseconds. */
export const WRONG_TOKENS_WINDOW_MS: number = MINUTE_MS;
/** The most addresses whose wrong tokens are counted; beyond it the oldest is dropped. */
export const WRONG_TOKEN_ADDRESSES_MAX = 10_000;

const LOOPBACK_FIRST_BYTE = 127;

/** Counts wrong tokens by address. */
export class GuessLimit {
  readonly #counts = new Map<string, { count: number; endsAt: number }>();
  readonly #onMany: (address: string) => void;
  #total = 0;

  /** @param onMany Called with the address of each one that has to wait from now on. */
  constructor(onMany: (address: string) => void = () => undefined) {
    this.#onMany = onMany;
  }

  /** Wrong tokens in all. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts a wrong token.
   *
   * @param address The IP address that it came from.
   * @param now Monotonic time in milliseconds.
   * @return Whether its sender has tried too many within the window.
   */
  wrong(address: string, now: number): boolean {
    this.#total++;
    const guesser = guesserAt(address);
    const entry = this.#counts.get(guesser);
    if (entry !== undefined && now < entry.endsAt) {
      if (entry.count >= WRONG_TOKENS_MAX) return true;
      if (++entry.count === WRONG_TOKENS_MAX) this.#onMany(address);
      return false;
    }
    this.#counts.delete(guesser);
    this.#counts.set(guesser, { count: 1, endsAt: now + WRONG_TOKENS_WINDOW_MS });
    if (this.#counts.size > WRONG_TOKEN_ADDRESSES_MAX) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return false;
  }
}

/** Every user of a machine can send from all of its loopback addresses. */
function guesserAt(address: string): string {
  const bytes = parseAddress(address);
  const isLoopback = bytes?.length === 4
    ? bytes[0] === LOOPBACK_FIRST_BYTE
    : bytes?.every((byte, index) => byte === (index === 15 ? 1 : 0)) ?? false;
  if (isLoopback) return "loopback";
  return bytes?.length === 4 ? bytes.join(".") : addressBlock(address);
}
