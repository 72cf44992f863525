/**
 * Random use of a LeaseTable beside a naive oracle that looks at every lease each time.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { type Lease, LeaseTable, type LeaseTableOptions } from "../../src/core/lease_table.ts";

/** A source of numbers from 0 to below 1 that a seed makes repeatable (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Held {
  id: number;
  lease: Lease;
  deadline: number;
}

class Thrown extends Error {}

/** Uses a table at random, checks every answer, and counts what it did. */
export class LeaseOracle {
  readonly table: LeaseTable<number>;
  readonly #random: () => number;
  readonly #revolutionMs: number;
  readonly #held: Held[] = [];
  readonly #byId = new Map<number, Held>();
  readonly #stale: Lease[] = [];
  readonly #leasesMax: number;
  #now: number;
  #nextId = 0;
  operations = 0;
  ended = 0;
  thrown = 0;

  constructor(options: LeaseTableOptions, random: () => number) {
    this.table = new LeaseTable<number>(options);
    this.#random = random;
    this.#now = options.now;
    this.#leasesMax = options.leasesMax ?? Infinity;
    this.#revolutionMs = (options.slots ?? 4096) * (options.granularityMs ?? 16);
  }

  get now(): number {
    return this.#now;
  }

  get size(): number {
    return this.#held.length;
  }

  /** One operation of any kind. */
  step(): void {
    this.operations++;
    const dice = this.#random();
    if (dice < 0.35) this.#add();
    else if (dice < 0.65) this.#renew();
    else if (dice < 0.75) this.#remove();
    else if (dice < 0.80) this.#useStale();
    else if (dice < 0.97) this.#advance(this.#now + this.#stepMs());
    else this.#wake();
    assert.equal(this.table.size, this.#held.length);
  }

  /** Drives the table by its own wake-ups alone: each lease must end exactly at its deadline. */
  drain(): void {
    for (let wakes = 0;; wakes++) {
      assert.ok(wakes < 4 * this.#nextId + 1000, "wake-ups are bounded by the number of leases");
      const wake = this.#checkWake();
      if (wake === undefined) return;
      if (wake > this.#now) this.#now = wake;
      this.operations++;
      this.table.advance(this.#now, (id, deadline) => {
        const held = this.#byId.get(id);
        assert.ok(held, "only a held lease ends");
        assert.equal(deadline, held.deadline);
        // What was overdue before the drain began ends in its first turn.
        if (wakes > 0) assert.equal(this.#now, deadline);
        this.#forget(held);
      });
      this.#checkNoneMissed();
    }
  }

  #add(): void {
    const id = this.#nextId++;
    const deadline = this.#deadline();
    const lease = this.table.add(id, deadline);
    if (this.#held.length >= this.#leasesMax) return assert.equal(lease, undefined);
    assert.ok(lease !== undefined);
    const held = { id, lease, deadline };
    this.#held.push(held);
    this.#byId.set(id, held);
    assert.equal(this.table.deadline(lease), deadline);
  }

  #renew(): void {
    const held = this.#pick();
    if (held === undefined) return;
    if (this.#random() > 0.1) held.deadline = this.#deadline();
    assert.equal(this.table.renew(held.lease, held.deadline), true);
    assert.equal(this.table.deadline(held.lease), held.deadline);
  }

  #remove(): void {
    const held = this.#pick();
    if (held === undefined) return;
    assert.equal(this.table.remove(held.lease), true);
    this.#forget(held);
  }

  #useStale(): void {
    const lease = this.#stale[Math.floor(this.#random() * this.#stale.length)] ?? -1;
    assert.equal(this.table.renew(lease, this.#deadline()), false);
    assert.equal(this.table.remove(lease), false);
    assert.equal(this.table.deadline(lease), undefined);
  }

  #advance(now: number): void {
    this.#now = Math.max(this.#now, now);
    const touched = new Set<number>();
    const begun = this.#nextId;
    let handedOut = 0;
    const run = () =>
      this.table.advance(now, (id, deadline) => {
        handedOut++;
        this.#checkEnd(id, deadline, now);
        this.#misbehave(touched);
      });
    for (;;) {
      const before = handedOut;
      try {
        assert.equal(run(), handedOut - before);
        break;
      } catch (error) {
        if (!(error instanceof Thrown)) throw error;
        this.thrown++;
        this.#checkWake();
      }
    }
    for (const { id, deadline } of this.#held) {
      // What callbacks added or renewed into the past ends with the next call.
      if (id < begun && !touched.has(id)) assert.ok(deadline > now, "no lease is missed");
    }
  }

  #checkEnd(id: number, deadline: number, now: number): void {
    const held = this.#byId.get(id);
    assert.ok(held, "only a held lease ends, and only once");
    assert.equal(deadline, held.deadline);
    assert.ok(deadline <= now, "no lease ends early");
    assert.equal(this.table.deadline(held.lease), undefined);
    this.#forget(held);
    this.ended++;
  }

  /** What a callback may do: everything. */
  #misbehave(touched: Set<number>): void {
    const dice = this.#random();
    if (dice < 0.1) this.#add();
    else if (dice < 0.2) {
      const held = this.#pick();
      if (held === undefined) return;
      touched.add(held.id);
      held.deadline = this.#deadline();
      assert.equal(this.table.renew(held.lease, held.deadline), true);
    } else if (dice < 0.3) this.#remove();
    else if (dice < 0.35) this.#useStale();
    else if (dice < 0.4) this.#checkWake();
    else if (dice < 0.45) throw new Thrown();
  }

  #wake(): void {
    const wake = this.#checkWake();
    if (wake !== undefined) this.#advance(Math.max(wake, this.#now));
  }

  #checkWake(): number | undefined {
    const wake = this.table.nextWake();
    let earliest = Infinity;
    for (const { deadline } of this.#held) earliest = Math.min(earliest, deadline);
    if (wake === undefined) assert.equal(earliest, Infinity);
    else assert.ok(wake <= earliest, `wake-up ${wake} is not later than ${earliest}`);
    return wake;
  }

  #checkNoneMissed(): void {
    for (const { deadline } of this.#held) assert.ok(deadline > this.#now, "no lease is missed");
  }

  #pick(): Held | undefined {
    return this.#held[Math.floor(this.#random() * this.#held.length)];
  }

  #forget(held: Held): void {
    const last = this.#held.pop();
    const index = last === held ? -1 : this.#held.indexOf(held);
    if (index >= 0 && last !== undefined) this.#held[index] = last;
    this.#byId.delete(held.id);
    this.#stale.push(held.lease);
    if (this.#stale.length > 1000) this.#stale.splice(0, 500);
  }

  /** Near, far, beyond revolutions, in the past, whole, fractional, without end. */
  #deadline(): number {
    const dice = this.#random();
    const span = this.#random();
    if (dice < 0.05) return Infinity;
    if (dice < 0.10) return this.#now - span * this.#revolutionMs * 2;
    if (dice < 0.12) return -Infinity;
    if (dice < 0.15) return this.#now + span * this.#revolutionMs * 1000;
    if (dice < 0.18) return this.#now;
    if (dice < 0.50) return Math.round(this.#now + span * this.#revolutionMs * 3);
    return this.#now + span * this.#revolutionMs;
  }

  /** Zero, small, backwards, about a revolution, huge. */
  #stepMs(): number {
    const dice = this.#random();
    const span = this.#random();
    if (dice < 0.15) return 0;
    if (dice < 0.30) return -span * this.#revolutionMs * 2;
    if (dice < 0.33) return span * this.#revolutionMs * 2000;
    if (dice < 0.45) return span * this.#revolutionMs * 1.5;
    return span * this.#revolutionMs * 0.01;
  }
}
