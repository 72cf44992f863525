/**
 * The addresses of clients, each written down once.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { NONE } from "../../core/slot_lists.ts";
import { parseIpv4 } from "../../net/cidr.ts";

/** The number of an address in its book. */
export type AddressId = number;

/**
 * Gives each address a number and counts its clients, so that a client's entry holds a number, and
 * hundreds of phones behind one router share one text.
 */
export class AddressBook {
  readonly #ids = new Map<string, AddressId>();
  readonly #hostnames: (string | undefined)[] = [];
  readonly #free: AddressId[] = [];
  #clients: Uint32Array<ArrayBuffer>;
  #ipv4: Uint32Array<ArrayBuffer>;

  /** @param addresses How many addresses there is room for at first, 1 or more. */
  constructor(addresses: number) {
    this.#clients = new Uint32Array(addresses);
    this.#ipv4 = new Uint32Array(addresses);
  }

  /** Number of addresses. */
  get size(): number {
    return this.#ids.size;
  }

  /** The number of an address that has clients, or {@linkcode NONE}. */
  find(hostname: string): AddressId {
    return this.#ids.get(hostname) ?? NONE;
  }

  /** How many clients an address has. */
  clients(id: AddressId): number {
    return this.#clients[id] as number;
  }

  /** The address as text. */
  hostname(id: AddressId): string {
    return this.#hostnames[id] as string;
  }

  /** An IPv4 address as a whole number; 0 for one of IPv6. */
  ipv4(id: AddressId): number {
    return this.#ipv4[id] as number;
  }

  /** Counts one client more of an address. */
  retain(hostname: string): AddressId {
    const known = this.#ids.get(hostname);
    const id = known ?? this.#write(hostname);
    this.#clients[id] = this.clients(id) + 1;
    return id;
  }

  /** Counts one client less; an address without clients is forgotten. */
  release(id: AddressId): void {
    const clients = this.clients(id) - 1;
    assert(clients >= 0, "an address is released as often as it is retained");
    this.#clients[id] = clients;
    if (clients > 0) return;
    this.#ids.delete(this.hostname(id));
    this.#hostnames[id] = undefined;
    this.#free.push(id);
  }

  #write(hostname: string): AddressId {
    const id = this.#free.pop() ?? this.#hostnames.length;
    if (id === this.#clients.length) this.#grow();
    this.#hostnames[id] = hostname;
    this.#ipv4[id] = parseIpv4(hostname) ?? 0;
    this.#ids.set(hostname, id);
    return id;
  }

  #grow(): void {
    const length = 2 * this.#clients.length;
    const clients = new Uint32Array(length);
    clients.set(this.#clients);
    this.#clients = clients;
    const ipv4 = new Uint32Array(length);
    ipv4.set(this.#ipv4);
    this.#ipv4 = ipv4;
  }
}
