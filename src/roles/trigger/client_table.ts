/**
 * The table of all pinged clients, in little memory.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { SECOND_MS } from "../../core/clock.ts";
import { LeaseTable, NO_LEASE } from "../../core/lease_table.ts";
import { NONE, SlotLists } from "../../core/slot_lists.ts";
import { AddressBook } from "./address_book.ts";
import { type ClientId, ClientKeys, doorOf, portOf, socketOf } from "./client_keys.ts";
import { PHASES } from "./tick_grid.ts";

/** Stands for "as many pings as the lease allows". */
export const UNLIMITED_PINGS = 65_535;

const INITIAL_CLIENTS = 64;
/** Rounds are told apart by their low bits. */
const ROUND_MASK = 0xffff;

/** Options of {@linkcode ClientTable}. */
export interface ClientTableOptions {
  /** Listening time of the start in milliseconds. */
  now: number;
  clientsMax: number;
  /** `spread`: each client gets the emptiest phase. `together`: all clients share one phase. */
  phases: "spread" | "together";
  /** Any number that strangers do not know: see {@linkcode ClientKeys}. */
  seed: number;
}

/** A new client. */
export interface NewClient {
  hostname: string;
  port: number;
  /** Number of the socket that heard it and will ping it. */
  socket: number;
  /** When its lease ends, in listening time (ms). */
  deadline: number;
  /** When it was first heard, in listening time (ms). */
  now: number;
  /** Pings it may get before it is heard again, or {@linkcode UNLIMITED_PINGS}. */
  pings: number;
}

/**
 * The clients by source address, port and socket; each with a lease and a phase.
 *
 * A phone is not a {@linkcode "../../core/member.ts"}: nobody looks at one of 20 000 phones by
 * name, so none has an object of its own. Its lease is in the same kind of {@linkcode LeaseTable}
 * as all other leases, with the entry's number as the value; everything else is in typed arrays.
 * Measured with 100 000 clients, each with its own address (`scripts/bench/trigger_memory.ts`): 125
 * bytes per client, of which the lease takes 53, the address with its count 27, and the rest (key,
 * age, phase, counts) 45.
 */
export class ClientTable {
  readonly #book: AddressBook;
  readonly #keys: ClientKeys;
  readonly #leases: LeaseTable<ClientId>;
  readonly #isSpread: boolean;
  /** The clients of each phase. */
  readonly #phaseLists = new SlotLists(PHASES, INITIAL_CLIENTS);
  readonly #phaseSizes = new Uint32Array(PHASES);
  #lastPhase = 0;

  #leaseOf = new Float64Array(INITIAL_CLIENTS);
  #phaseOf = new Uint8Array(INITIAL_CLIENTS);
  #failures = new Uint8Array(INITIAL_CLIENTS);
  #failedRound = new Uint16Array(INITIAL_CLIENTS);
  #pingsLeft = new Uint16Array(INITIAL_CLIENTS);
  /** Whole seconds between the start of the table and each registration. */
  #sinceSeconds = new Uint32Array(INITIAL_CLIENTS);
  readonly #startedAt: number;
  #newest: ClientId = NONE;

  /** @throws {RangeError} if `clientsMax` is out of range. */
  constructor(options: ClientTableOptions) {
    this.#startedAt = options.now;
    this.#book = new AddressBook(INITIAL_CLIENTS, options.seed);
    this.#keys = new ClientKeys(INITIAL_CLIENTS, options.seed);
    this.#leases = new LeaseTable({ now: options.now, leasesMax: options.clientsMax });
    this.#isSpread = options.phases === "spread";
  }

  /** Number of clients. */
  get size(): number {
    return this.#keys.size;
  }

  /** Number of different IP addresses. */
  get addresses(): number {
    return this.#book.size;
  }

  /** Number of clients of an IP address. */
  sizeAt(hostname: string): number {
    const address = this.#book.find(hostname);
    return address === NONE ? 0 : this.#book.clients(address);
  }

  /** Number of clients of an IPv4 address, or of the /64 of an IPv6 address. */
  sizeOfBlock(hostname: string): number {
    return this.#book.clientsOfBlock(hostname);
  }

  /** The client behind an address, port and socket, or {@linkcode NONE}. */
  find(hostname: string, port: number, socket: number): ClientId {
    const address = this.#book.find(hostname);
    return address === NONE ? NONE : this.#keys.find(address, doorOf(socket, port));
  }

  /** Adds a client that is not in the table. There must be room for it. */
  add({ hostname, port, socket, now, deadline, pings }: NewClient): ClientId {
    if (this.#keys.size === this.#keys.capacity) this.#grow();
    const client = this.#keys.take(this.#book.retain(hostname), doorOf(socket, port));
    const lease = this.#leases.add(client, deadline);
    assert(lease !== undefined, "a client is taken only if there is room");
    this.#leaseOf[client] = lease;
    this.#failures[client] = 0;
    this.#pingsLeft[client] = pings;
    this.#sinceSeconds[client] = (now - this.#startedAt) / SECOND_MS;
    this.#newest = client;
    const phase = this.#isSpread ? this.#emptiestPhase() : 0;
    this.#phaseOf[client] = phase;
    this.#phaseSizes[phase] = this.sizeOfPhase(phase) + 1;
    this.#phaseLists.link(client, phase);
    return client;
  }

  /** Renews a known client, which also confirms that it is real. */
  renew(client: ClientId, deadline: number): void {
    this.#leases.renew(this.#leaseOf[client] as number, deadline);
    this.#pingsLeft[client] = UNLIMITED_PINGS;
  }

  /** Removes a client. */
  remove(client: ClientId): void {
    this.#leases.remove(this.#leaseOf[client] as number);
    this.#leaseOf[client] = NO_LEASE;
    if (client === this.#newest) this.#newest = NONE;
    const phase = this.phase(client);
    this.#phaseLists.unlink(client, phase);
    this.#phaseSizes[phase] = this.sizeOfPhase(phase) - 1;
    this.#book.release(this.#keys.address(client));
    this.#keys.release(client);
  }

  /**
   * Removes all clients whose lease has ended.
   *
   * @param now Listening time in milliseconds.
   * @param onEnd Called for each client before its entry is released.
   * @return The number of removed clients.
   */
  advance(now: number, onEnd: (client: ClientId) => void): number {
    return this.#leases.advance(now, (client) => {
      onEnd(client);
      this.remove(client);
    });
  }

  /** Counts a ping; false if the client has used up its pings until it is heard again. */
  takePing(client: ClientId): boolean {
    const left = this.#pingsLeft[client] as number;
    if (left === UNLIMITED_PINGS) return true;
    if (left === 0) return false;
    this.#pingsLeft[client] = left - 1;
    return true;
  }

  /**
   * Counts a ping that could not be sent.
   *
   * @param round Number of the second; a failure in the second before belongs to the same series.
   * @return The number of failures in a row, at most 255.
   */
  countFailure(client: ClientId, round: number): number {
    const isInRow = this.#failedRound[client] === ((round - 1) & ROUND_MASK);
    const failures = isInRow ? Math.min((this.#failures[client] as number) + 1, 255) : 1;
    this.#failures[client] = failures;
    this.#failedRound[client] = round & ROUND_MASK;
    return failures;
  }

  /** IP address of a client as text. */
  hostname(client: ClientId): string {
    return this.#book.hostname(this.#keys.address(client));
  }

  /** IPv4 address of a client as a whole number. */
  ipv4(client: ClientId): number {
    return this.#keys.address(client);
  }

  /** Port of a client. */
  port(client: ClientId): number {
    return portOf(this.#keys.door(client));
  }

  /** Number of the socket that a client speaks to. */
  socket(client: ClientId): number {
    return socketOf(this.#keys.door(client));
  }

  /** How long a client has been registered, in milliseconds; precise to the second. */
  ageMs(client: ClientId, now: number): number {
    const sinceMs = (this.#sinceSeconds[client] as number) * SECOND_MS;
    return Math.max(0, now - this.#startedAt - sinceMs);
  }

  /** When a client's lease ends unless it is heard again, in listening time (ms). */
  deadline(client: ClientId): number {
    return this.#leases.deadline(this.#leaseOf[client] as number) ?? Infinity;
  }

  /** The client that registered last, or {@linkcode NONE} if it has gone. */
  get newest(): ClientId {
    return this.#newest;
  }

  /** All clients, phase by phase. The table must not change meanwhile. */
  *values(): Generator<ClientId, void> {
    for (let phase = 0; phase < PHASES; phase++) {
      for (let client = this.firstOfPhase(phase); client !== NONE;) {
        yield client;
        client = this.nextOfPhase(client);
      }
    }
  }

  /** The phase of a client, which never changes while it is registered. */
  phase(client: ClientId): number {
    return this.#phaseOf[client] as number;
  }

  /** Number of clients in a phase. */
  sizeOfPhase(phase: number): number {
    return this.#phaseSizes[phase] as number;
  }

  /** How many turns after a phase the next phase with clients comes, or {@linkcode NONE}. */
  turnsToNextPhase(phase: number): number {
    return this.#phaseLists.distanceToOccupied(phase, PHASES);
  }

  /** First client of a phase, or {@linkcode NONE}. */
  firstOfPhase(phase: number): ClientId {
    return this.#phaseLists.head(phase);
  }

  /** The client after this one in its phase, or {@linkcode NONE}. */
  nextOfPhase(client: ClientId): ClientId {
    return this.#phaseLists.next(client);
  }

  /**
   * Breaks ties in favour of the phase after the last one given, to keep few clients far apart too.
   */
  #emptiestPhase(): number {
    let best = (this.#lastPhase + 1) % PHASES;
    for (let step = 2; step <= PHASES; step++) {
      const phase = (this.#lastPhase + step) % PHASES;
      if (this.sizeOfPhase(phase) < this.sizeOfPhase(best)) best = phase;
    }
    this.#lastPhase = best;
    return best;
  }

  #grow(): void {
    this.#keys.grow();
    const length = this.#keys.capacity;
    this.#phaseLists.grow(length);
    const leaseOf = new Float64Array(length);
    leaseOf.set(this.#leaseOf);
    this.#leaseOf = leaseOf;
    const phaseOf = new Uint8Array(length);
    phaseOf.set(this.#phaseOf);
    this.#phaseOf = phaseOf;
    const failures = new Uint8Array(length);
    failures.set(this.#failures);
    this.#failures = failures;
    const failedRound = new Uint16Array(length);
    failedRound.set(this.#failedRound);
    this.#failedRound = failedRound;
    const pingsLeft = new Uint16Array(length);
    pingsLeft.set(this.#pingsLeft);
    this.#pingsLeft = pingsLeft;
    const sinceSeconds = new Uint32Array(length);
    sinceSeconds.set(this.#sinceSeconds);
    this.#sinceSeconds = sinceSeconds;
  }
}
