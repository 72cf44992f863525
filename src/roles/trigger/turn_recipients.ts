/**
 * The clients to ping through one socket in one turn.
 *
 * @module
 */

import type { Recipients } from "../../net/udp/socket.ts";
import type { ClientId } from "./client_keys.ts";
import type { ClientTable } from "./client_table.ts";

const INITIAL_CLIENTS = 64;

/** A list of clients, reused for every turn. */
export class TurnRecipients implements Recipients {
  readonly #table: ClientTable;
  #clients = new Uint32Array(INITIAL_CLIENTS);
  #count = 0;

  /** @param table Where the clients are. */
  constructor(table: ClientTable) {
    this.#table = table;
  }

  /** Number of clients. */
  get count(): number {
    return this.#count;
  }

  /** Empties the list. */
  clear(): void {
    this.#count = 0;
  }

  /** Appends a client. */
  add(client: ClientId): void {
    if (this.#count === this.#clients.length) {
      const clients = new Uint32Array(2 * this.#count);
      clients.set(this.#clients);
      this.#clients = clients;
    }
    this.#clients[this.#count++] = client;
  }

  /** The client at a place. */
  client(index: number): ClientId {
    return this.#clients[index] as number;
  }

  /** @inheritdoc */
  hostname(index: number): string {
    return this.#table.hostname(this.client(index));
  }

  /** @inheritdoc */
  ipv4(index: number): number {
    return this.#table.ipv4(this.client(index));
  }

  /** @inheritdoc */
  port(index: number): number {
    return this.#table.port(this.client(index));
  }
}
