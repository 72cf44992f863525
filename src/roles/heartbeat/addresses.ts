/**
 * Turns a peer's address into the address of its station, which is part of an application's
 * identity.
 *
 * @module
 */

import { plainAddress } from "../../net/address.ts";
import { formatIdentity } from "../../wire/hilbert/identity.ts";
import { fnv1a } from "./fnv1a.ts";

/** The most addresses in the cache. */
export const ADDRESSES_KEPT_MAX = 4_096;

const IPV4_LOOPBACK = "127.0.0.1";
const IPV6_LOOPBACK = "::1";

/** An address in the form used in identities. */
export interface StationAddress {
  readonly address: string;
  /** The part of an identity that follows the name. */
  readonly suffix: string;
  /** Hash of the address: the initial value when hashing its requests. */
  readonly hash: number;
}

/**
 * Turns a socket's address into a station's address. `::1` becomes `127.0.0.1`, because both are
 * this machine. It shares one string for each address, so that a million applications of one
 * station do not hold a million strings.
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
    // Emptying the cache is simpler than finding the oldest entry, and costs little once in 4096
    // new addresses.
    if (this.#kept.size === ADDRESSES_KEPT_MAX) this.#kept.clear();
    this.#kept.set(hostname, made);
    return made;
  }
}
