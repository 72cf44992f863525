/**
 * How often an address may try a wrong token.
 *
 * @module
 */

import { MINUTE_MS } from "../core/clock.ts";
import { parseAddress } from "../core/cidr.ts";
import { isLoopback } from "../net/address.ts";

/** The most wrong tokens from one address within a window; then it has to wait. */
export const WRONG_TOKENS_MAX = 10;
/** The window, in milliseconds. */
export const WRONG_TOKENS_WINDOW_MS: number = MINUTE_MS;
/** The most addresses whose wrong tokens are counted; beyond it the oldest is dropped. */
export const WRONG_TOKEN_ADDRESSES_MAX = 10_000;

/** Counts wrong tokens by address. */
export class LoginLimit {
  readonly #counts = new Map<string, { count: number; endsAt: number }>();

  /** True if the address has to wait. */
  isOver(peer: string, now: number): boolean {
    const address = whoIsAt(peer);
    const entry = this.#counts.get(address);
    if (entry === undefined) return false;
    if (now >= entry.endsAt) {
      this.#counts.delete(address);
      return false;
    }
    return entry.count >= WRONG_TOKENS_MAX;
  }

  /** Counts a wrong token. */
  wrong(peer: string, now: number): void {
    const address = whoIsAt(peer);
    const entry = this.#counts.get(address);
    if (entry !== undefined && now < entry.endsAt) {
      entry.count++;
      return;
    }
    this.#counts.delete(address);
    this.#counts.set(address, { count: 1, endsAt: now + WRONG_TOKENS_WINDOW_MS });
    if (this.#counts.size <= WRONG_TOKEN_ADDRESSES_MAX) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}

/** A client in an IPv6 network can use all of its addresses; all of loopback is one machine. */
function whoIsAt(address: string): string {
  if (isLoopback(address)) return "loopback";
  const bytes = parseAddress(address);
  return bytes?.length === IPV6_BYTES ? bytes.subarray(0, IPV6_NETWORK_BYTES).toHex() : address;
}

const IPV6_BYTES = 16;
/** A network is a /64 (RFC 4291 section 2.5.4). */
const IPV6_NETWORK_BYTES = 8;
