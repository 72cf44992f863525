/**
 * The dictionary of game clients, with a timebomb for each.
 *
 * @module
 */

import { LeaseTable } from "../../core/lease_table.ts";
import type { GameHeartbeat } from "../../wire/mlf/heartbeat.ts";
import { LocalClient } from "./local_client.ts";

/** Options of {@linkcode LocalClients}. */
export interface LocalClientsOptions {
  /** Listening time of the start in milliseconds. */
  now: number;
  /** The silence that sets a timebomb off, in milliseconds. */
  timebombMs: number;
  /** The most clients. */
  clientsMax: number;
}

/** Clients by identity. One timer serves all bombs; each goes off at most once in a life. */
export class LocalClients {
  readonly #options: LocalClientsOptions;
  readonly #clients = new Map<string, LocalClient>();
  readonly #bombs: LeaseTable<LocalClient>;

  /** @param options Sizes and times. */
  constructor(options: LocalClientsOptions) {
    this.#options = options;
    this.#bombs = new LeaseTable({ now: options.now, leasesMax: options.clientsMax });
  }

  /** Number of clients. */
  get size(): number {
    return this.#clients.size;
  }

  /** The client of an identity. */
  get(id: string): LocalClient | undefined {
    return this.#clients.get(id);
  }

  /** Whether there is a client of this identity. */
  has(id: string): boolean {
    return this.#clients.has(id);
  }

  /** All clients in the order in which they came. */
  values(): IterableIterator<LocalClient> {
    return this.#clients.values();
  }

  /**
   * Makes a client from its first heartbeat.
   *
   * @return `undefined` if there are too many.
   */
  add(first: GameHeartbeat, address: string, now: number): LocalClient | undefined {
    const client = new LocalClient(first, address, now);
    const lease = this.#bombs.add(client, now + this.#options.timebombMs);
    if (lease === undefined) return undefined;
    client.lease = lease;
    this.#clients.set(client.id, client);
    return client;
  }

  /** Resets a client's timebomb to its full time, and returns when it would go off. */
  reset(client: LocalClient, now: number): number {
    const deadline = now + this.#options.timebombMs;
    this.#bombs.renew(client.lease, deadline);
    return deadline;
  }

  /** Removes a client and its bomb. No effect on one that was removed before. */
  remove(client: LocalClient): void {
    if (!this.#bombs.remove(client.lease)) return;
    this.#clients.delete(client.id);
  }

  /** Removes the clients whose timebombs have gone off, then reports each once. */
  advance(now: number, onEnd: (client: LocalClient) => void): void {
    this.#bombs.advance(now, (client) => {
      this.#clients.delete(client.id);
      onEnd(client);
    });
  }

  /** When the next bomb may go off; `undefined` while there is none. */
  nextWake(): number | undefined {
    return this.#bombs.nextWake();
  }
}
