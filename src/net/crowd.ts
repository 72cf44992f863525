/**
 * The open connections of a server, in the order in which they would have to go.
 *
 * @module
 */

import { addressBlock } from "./address_block.ts";
import type { Connection, Phase } from "./connection.ts";

/** Phases whose connections may be shed, the first first. Who is served is never shed. */
const SHED_ORDER = ["silent", "opening", "idle", "receiving"] as const;

/**
 * Knows who has been of no use for longest. A connection that has said nothing goes before one that
 * has said half of something, that one before one that waits between two requests, and a half sent
 * request is given up last; within a phase, the one goes that was active least recently.
 *
 * Being active costs nothing: the order of a phase is the order of entering it, and whoever is found
 * at the front but was active since then goes to the back.
 */
export class Crowd {
  readonly #byPhase: Record<Phase, Map<Connection, number>> = {
    silent: new Map(),
    opening: new Map(),
    idle: new Map(),
    receiving: new Map(),
    busy: new Map(),
  };
  readonly #byBlock = new Map<string, number>();
  #size = 0;

  /** Number of connections. */
  get size(): number {
    return this.#size;
  }

  /** Number of connections in a phase. */
  sizeOf(phase: Phase): number {
    return this.#byPhase[phase].size;
  }

  /** Number of connections of the block that an address belongs to. */
  sizeAt(hostname: string): number {
    return this.#byBlock.get(addressBlock(hostname)) ?? 0;
  }

  /** Takes in a connection in its present phase. */
  add(connection: Connection): void {
    const { hostname } = connection.peer;
    this.#byPhase[connection.phase].set(connection, connection.activeAt);
    this.#byBlock.set(addressBlock(hostname), this.sizeAt(hostname) + 1);
    this.#size++;
  }

  /** Moves a connection to the phase that it is in now. */
  move(connection: Connection, from: Phase): void {
    if (this.#byPhase[from].delete(connection)) {
      this.#byPhase[connection.phase].set(connection, connection.activeAt);
    }
  }

  /** Forgets a connection. */
  remove(connection: Connection): void {
    if (!this.#byPhase[connection.phase].delete(connection)) return;
    const { hostname } = connection.peer;
    const others = this.sizeAt(hostname) - 1;
    const block = addressBlock(hostname);
    if (others > 0) this.#byBlock.set(block, others);
    else this.#byBlock.delete(block);
    this.#size--;
  }

  /**
   * Finds the connection that has to go first.
   *
   * @param hostname Only connections of the block that this address belongs to; if not given, any.
   * @return Undefined if all are busy.
   */
  leastUseful(hostname?: string): Connection | undefined {
    const block = hostname === undefined ? undefined : addressBlock(hostname);
    for (const phase of SHED_ORDER) {
      const members = this.#byPhase[phase];
      // Those that go to the back are met once more at the end of the same round. Looking for one
      // address may mean to look at all: some microseconds, paid only by whoever crowds.
      for (const [connection, seenAt] of members) {
        const { activeAt } = connection;
        if (seenAt !== activeAt) {
          members.delete(connection);
          members.set(connection, activeAt);
          continue;
        }
        if (block === undefined || addressBlock(connection.peer.hostname) === block) {
          return connection;
        }
      }
    }
    return undefined;
  }

  /** All connections, as they are now. */
  all(): Connection[] {
    return Object.values(this.#byPhase).flatMap((members) => [...members.keys()]);
  }

  /** All connections that could be shed, as they are now. */
  sheddable(): Connection[] {
    return SHED_ORDER.flatMap((phase) => [...this.#byPhase[phase].keys()]);
  }
}
