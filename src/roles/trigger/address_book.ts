/**
 * Maps client addresses to numbers, and counts the clients of each.
 *
 * @module
 */

import { addressBlock } from "../../core/address_block.ts";
import { assert } from "../../core/assert.ts";
import { NONE } from "../../core/slot_lists.ts";
import { formatIpv4, parseIpv4 } from "../../core/cidr.ts";
import { type AddressId, ClientKeys } from "./client_keys.ts";

const FIRST_IPV6 = 0xf000_0000;

/**
 * Numbers addresses and counts their clients. It keeps no text of an IPv4 address: the text would
 * be the largest part of a client, and work for the garbage collector.
 */
export class AddressBook {
  /** One entry for each address that has clients. */
  readonly #entries: ClientKeys;
  /** Number of clients of the address with this entry. */
  #clients: Uint32Array<ArrayBuffer>;
  readonly #ipv6Ids = new Map<string, AddressId>();
  readonly #ipv6Names: (string | undefined)[] = [];
  readonly #ipv6Free: AddressId[] = [];
  /** Clients by /64, because one peer owns all addresses of its /64. */
  readonly #ipv6Blocks = new Map<string, number>();

  /**
   * @param addresses Initial room, in addresses; a power of two.
   * @param seed See {@linkcode ClientKeys}.
   */
  constructor(addresses: number, seed: number) {
    this.#entries = new ClientKeys(addresses, seed);
    this.#clients = new Uint32Array(addresses);
  }

  /** Number of addresses that have clients. */
  get size(): number {
    return this.#entries.size;
  }

  /** The number of an address, or {@linkcode NONE} for an IPv6 address without clients. */
  find(hostname: string): AddressId {
    return parseIpv4(hostname) ?? this.#ipv6Ids.get(hostname) ?? NONE;
  }

  /** How many clients an address has. */
  clients(id: AddressId): number {
    const entry = this.#entries.find(id, 0);
    return entry === NONE ? 0 : this.#clients[entry] as number;
  }

  /** How many clients an IPv4 address has, or the /64 of an IPv6 address. */
  clientsOfBlock(hostname: string): number {
    const id = parseIpv4(hostname);
    return id === undefined ? this.#ipv6Blocks.get(addressBlock(hostname)) ?? 0 : this.clients(id);
  }

  /** The address as text. */
  hostname(id: AddressId): string {
    return id < FIRST_IPV6 ? formatIpv4(id) : this.#ipv6Names[id - FIRST_IPV6] as string;
  }

  /** Counts one more client of an address; returns the address's number. */
  retain(hostname: string): AddressId {
    const id = parseIpv4(hostname) ?? this.#ipv6Id(hostname);
    let entry = this.#entries.find(id, 0);
    if (entry === NONE) {
      if (this.#entries.size === this.#entries.capacity) this.#grow();
      entry = this.#entries.take(id, 0);
      this.#clients[entry] = 0;
    }
    this.#clients[entry] = (this.#clients[entry] as number) + 1;
    if (id >= FIRST_IPV6) this.#countInBlock(hostname, 1);
    return id;
  }

  /** Counts one client fewer; forgets an address without clients. */
  release(id: AddressId): void {
    const entry = this.#entries.find(id, 0);
    assert(entry !== NONE, "an address is released as often as it is retained");
    const clients = (this.#clients[entry] as number) - 1;
    this.#clients[entry] = clients;
    if (id >= FIRST_IPV6) this.#countInBlock(this.hostname(id), -1);
    if (clients > 0) return;
    this.#entries.release(entry);
    if (id >= FIRST_IPV6) this.#forgetIpv6(id);
  }

  #countInBlock(hostname: string, more: number): void {
    const block = addressBlock(hostname);
    const clients = (this.#ipv6Blocks.get(block) ?? 0) + more;
    if (clients > 0) this.#ipv6Blocks.set(block, clients);
    else this.#ipv6Blocks.delete(block);
  }

  #ipv6Id(hostname: string): AddressId {
    const known = this.#ipv6Ids.get(hostname);
    if (known !== undefined) return known;
    const id = this.#ipv6Free.pop() ?? FIRST_IPV6 + this.#ipv6Names.length;
    this.#ipv6Names[id - FIRST_IPV6] = hostname;
    this.#ipv6Ids.set(hostname, id);
    return id;
  }

  #forgetIpv6(id: AddressId): void {
    this.#ipv6Ids.delete(this.hostname(id));
    this.#ipv6Names[id - FIRST_IPV6] = undefined;
    this.#ipv6Free.push(id);
  }

  #grow(): void {
    this.#entries.grow();
    const clients = new Uint32Array(this.#entries.capacity);
    clients.set(this.#clients);
    this.#clients = clients;
  }
}
