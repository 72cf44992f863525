/**
 * Peers as applications are told apart by them.
 *
 * @module
 */

import { plainAddress } from "../../net/address.ts";
import { formatIdentity } from "../../wire/hilbert/identity.ts";
import { fnv1a } from "./fnv1a.ts";

/** How many addresses are kept ready. */
export const ADDRESSES_KEPT_MAX = 4_096;

const IPV4_LOOPBACK = "127.0.0.1";
const IPV6_LOOPBACK = "::1";

/** An address as it stands in identities. */
export interface StationAddress {
  readonly address: string;
  /** What follows the name in an identity of this address. */
  readonly suffix: string;
  /** Hash of the address, with which the hash of what comes from there begins. */
  readonly hash: number;
}

/**
 * Turns what the socket says into the address of a station. Whoever came over `::1` can be asked for
 * over `127.0.0.1`: both are this machine. It keeps one string for each address, so that a million
 * applications of one station do not keep a million addresses.
 */
export class Addresses {
  readonly #kept = new Map<string, StationAddress>();
  #lastHostname: string | undefined;
  #last: StationAddress | undefined;

  /** @param hostname Address of a peer in text form. */
  of(hostname: string): StationAddress {
    if (this.#last !== undefined && hostname === this.#lastHostname) return this.#last;
    this.#last = this.#kept.get(hostname) ?? this.#keep(hostname);
    this.#lastHostname = hostname;
    return this.#last;
  }

  #keep(hostname: string): StationAddress {
    const plain = plainAddress(hostname);
    const address = plain === IPV6_LOOPBACK ? IPV4_LOOPBACK : plain;
    const made = { address, suffix: formatIdentity("", address), hash: fnv1a(address) };
    // Starting over is simpler than to find the oldest, and costs little once in 4096 strangers.
    if (this.#kept.size === ADDRESSES_KEPT_MAX) this.#kept.clear();
    this.#kept.set(hostname, made);
    return made;
  }
}
