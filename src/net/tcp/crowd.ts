/**
 * The open connections of a server, in the order in which they would be shed.
 *
 * @module
 */

import { addressBlock } from "../../core/address_block.ts";
import { isLoopback } from "../address.ts";
import type { Connection } from "./connection.ts";
import type { Phase } from "./connection_limits.ts";

/**
 * Phases whose connections may be shed, in this order. A connection that is being served is shed
 * only for fairness.
 */
const SHED_ORDER = ["silent", "greeted", "opening", "idle", "receiving"] as const;

/** How many connections are examined to find one whose address has more than the mean. */
const LOOKED_AT_MAX = 64;

/**
 * Finds the least useful connection. First go connections that have sent nothing, then those with
 * half a greeting or head, then those idle between two requests, and last those with half a
 * request. Within a phase, the least recently active connection goes, but preferably one whose
 * address has more connections than the mean: a crowd makes room for itself.
 *
 * Each loopback address counts on its own, but a single local user has millions of them: against
 * the network, all of loopback is one crowd.
 *
 * Activity costs nothing: a phase is ordered by entry, and a connection that is found at the front
 * but has been active since moves to the back.
 */
export class Crowd {
  readonly #byPhase: Record<Phase, Map<Connection, number>> = {
    silent: new Map(),
    greeted: new Map(),
    opening: new Map(),
    idle: new Map(),
    receiving: new Map(),
    busy: new Map(),
  };
  readonly #byBlock = new Map<string, number>();
  #size = 0;
  #loopbackSize = 0;
  #loopbackBlocks = 0;

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
    const before = this.sizeAt(hostname);
    this.#byBlock.set(addressBlock(hostname), before + 1);
    this.#size++;
    if (!isLoopback(hostname)) return;
    this.#loopbackSize++;
    if (before === 0) this.#loopbackBlocks++;
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
    if (!isLoopback(hostname)) return;
    this.#loopbackSize--;
    if (others === 0) this.#loopbackBlocks--;
  }

  /**
   * Finds the connection to shed first.
   *
   * @param hostname Only connections of the block that this address belongs to; if not given, any.
   * @param phases Only connections in one of these phases, in this order; if not given, in all but
   * `busy`.
   * @return Undefined if there is none.
   */
  leastUseful(
    hostname?: string,
    phases: readonly Phase[] = SHED_ORDER,
  ): Connection | undefined {
    const block = hostname === undefined ? undefined : addressBlock(hostname);
    for (const phase of phases) {
      const members = this.#byPhase[phase];
      let oldest: Connection | undefined;
      let lookedAt = 0;
      // Connections that move to the back come up once more at the end of the same round. A search
      // within one address may examine all connections: some microseconds, and only for an address
      // that crowds.
      for (const [connection, seenAt] of members) {
        const { activeAt } = connection;
        if (seenAt !== activeAt) {
          members.delete(connection);
          members.set(connection, activeAt);
          continue;
        }
        const itsBlock = addressBlock(connection.peer.hostname);
        if (block !== undefined && block !== itsBlock) continue;
        if (block !== undefined || this.#crowds(connection)) return connection;
        oldest ??= connection;
        if (++lookedAt === LOOKED_AT_MAX) break;
      }
      if (oldest !== undefined) return oldest;
    }
    return undefined;
  }

  /**
   * Finds a connection that may be ended although it is busy: the newest of the block with the most
   * connections, so that blocks with many make room for blocks with few.
   *
   * @param hostname The address of the newcomer.
   * @return Undefined if no block has more connections than the newcomer's would have.
   */
  greediest(hostname: string): Connection | undefined {
    let greedy: string | undefined;
    let most = this.sizeAt(hostname) + 1;
    for (const [block, count] of this.#byBlock) {
      if (count > most) [greedy, most] = [block, count];
    }
    const isLocal = this.#loopbackSize > most && !isLoopback(hostname);
    if (greedy === undefined && !isLocal) return undefined;
    let newest: Connection | undefined;
    for (const connection of this.#byPhase.busy.keys()) {
      const its = connection.peer.hostname;
      if (isLocal ? isLoopback(its) : addressBlock(its) === greedy) newest = connection;
    }
    return newest;
  }

  /** Whether a connection's block has more than the mean, or loopback more than its share. */
  #crowds({ peer: { hostname } }: Connection): boolean {
    const blocks = this.#byBlock.size;
    if (this.sizeAt(hostname) > this.#size / Math.max(blocks, 1)) return true;
    const others = blocks - this.#loopbackBlocks;
    return others > 0 && this.#loopbackSize > this.#size / (others + 1) && isLoopback(hostname);
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
