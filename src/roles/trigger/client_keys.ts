/**
 * Finds a client by the source of its datagrams.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { NONE } from "../../core/slot_lists.ts";

/**
 * The number of an address, 0 to 2^32 - 1. An IPv4 address is its own number. An IPv6 address gets
 * a number from 240.0.0.0 on: no datagram comes from there (RFC 1112 section 4).
 */
export type AddressId = number;

/** The number of a client's entry. */
export type ClientId = number;

/** A client's port and the socket that it speaks to, as one number. */
export type Door = number;

/** The most sockets of one service. */
export const SOCKETS_MAX = 64;

const PORTS = 65_536;

/** Combines a port and a socket number into a door. */
export function doorOf(socket: number, port: number): Door {
  return socket * PORTS + port;
}

/** The port of a door. */
export function portOf(door: Door): number {
  return door % PORTS;
}

/** The socket of a door. */
export function socketOf(door: Door): number {
  return Math.floor(door / PORTS);
}

/**
 * A hash table from (address, door) to an entry number, in typed arrays: 16 bytes for each entry,
 * and nothing for the garbage collector to follow. Collisions go to the next place (linear
 * probing), and a removal moves later entries up, so that phones that come and go leave no
 * tombstones.
 */
export class ClientKeys {
  readonly #seed: number;
  #addresses: Uint32Array<ArrayBuffer>;
  #doors: Uint32Array<ArrayBuffer>;
  /** Twice as many places as entries; each holds an entry's number plus one, or 0 if it is free. */
  #places: Uint32Array<ArrayBuffer>;
  readonly #free: ClientId[] = [];
  #used = 0;

  /**
   * @param entries Initial room, in entries; a power of two.
   * @param seed A secret number, so that strangers cannot choose colliding ports.
   */
  constructor(entries: number, seed: number) {
    this.#seed = seed | 0;
    this.#addresses = new Uint32Array(entries);
    this.#doors = new Uint32Array(entries);
    this.#places = new Uint32Array(2 * entries);
  }

  /** Number of entries in use. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Number of entries that fit before {@linkcode ClientKeys.grow} is needed. */
  get capacity(): number {
    return this.#addresses.length;
  }

  /** The address of an entry. */
  address(entry: ClientId): AddressId {
    return this.#addresses[entry] as number;
  }

  /** The door of an entry. */
  door(entry: ClientId): Door {
    return this.#doors[entry] as number;
  }

  /** The entry of a key, or {@linkcode NONE}. */
  find(address: AddressId, door: Door): ClientId {
    const mask = this.#places.length - 1;
    for (let place = this.#home(address, door);; place = (place + 1) & mask) {
      const entry = this.#entryAt(place);
      if (entry === NONE) return NONE;
      if (this.address(entry) === address && this.door(entry) === door) return entry;
    }
  }

  /** Allocates an entry for a key that has none. */
  take(address: AddressId, door: Door): ClientId {
    assert(this.size < this.capacity, "keys are grown before they overflow");
    const entry = this.#free.pop() ?? this.#used++;
    this.#addresses[entry] = address;
    this.#doors[entry] = door;
    this.#place(entry);
    return entry;
  }

  /** Frees an entry. */
  release(entry: ClientId): void {
    const mask = this.#places.length - 1;
    let hole = this.#home(this.address(entry), this.door(entry));
    while (this.#places[hole] !== entry + 1) hole = (hole + 1) & mask;
    for (let place = (hole + 1) & mask;; place = (place + 1) & mask) {
      const moved = this.#entryAt(place);
      if (moved === NONE) break;
      // An entry whose home lies between the hole and its place must stay where it is.
      const home = this.#home(this.address(moved), this.door(moved));
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.#places[hole] = moved + 1;
      hole = place;
    }
    this.#places[hole] = 0;
    this.#free.push(entry);
  }

  /** Makes room for twice as many entries. */
  grow(): void {
    const entries = 2 * this.capacity;
    const addresses = new Uint32Array(entries);
    addresses.set(this.#addresses);
    this.#addresses = addresses;
    const doors = new Uint32Array(entries);
    doors.set(this.#doors);
    this.#doors = doors;
    const live = this.#places.filter((place) => place !== 0);
    this.#places = new Uint32Array(2 * entries);
    for (const place of live) this.#place(place - 1);
  }

  #place(entry: ClientId): void {
    const mask = this.#places.length - 1;
    let place = this.#home(this.address(entry), this.door(entry));
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = entry + 1;
  }

  #entryAt(place: number): ClientId {
    return (this.#places[place] as number) - 1;
  }

  /** Mixes all bits of the key into the low ones. */
  #home(address: AddressId, door: Door): number {
    let hash = Math.imul(address ^ this.#seed, 0x9e3779b1) ^ Math.imul(door, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & (this.#places.length - 1);
  }
}
