/**
 * Promises to be heard again before a deadline, any number of them under one timer.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { NONE, SlotLists } from "./slot_lists.ts";

/**
 * Names one lease of one table. It goes stale when the lease ends: every operation on a stale handle
 * does nothing and says so.
 */
export type Lease = number;

/** Options of {@linkcode LeaseTable}. */
export interface LeaseTableOptions {
  /** Time of the start in milliseconds, on the clock of all later calls. */
  now: number;
  /** Width of one slot of the wheel in milliseconds, more than 0; 16 if not given. */
  granularityMs?: number;
  /** Number of slots of the wheel, a power of two from 64 to 65 536; 4096 if not given. */
  slots?: number;
  /** The most leases that are held at once, 1 to {@linkcode LEASES_MAX}. */
  leasesMax?: number;
}

/** The largest number of leases in one table. */
export const LEASES_MAX: number = 2 ** 24;

/** How many leases {@linkcode LeaseTable.nextWake} looks at before it settles for an estimate. */
const WAKE_SCAN_LEASES_MAX = 4096;

const INITIAL_LEASES = 64;
/** Pseudo slots of entries that hang on no list of the wheel. */
const FREE = -1;
const DUE = -2;

/**
 * A hashed timer wheel. Adding, renewing, removing and expiring take constant time.
 *
 * Time is an argument, and one call of {@linkcode LeaseTable.advance} per wake-up serves the whole
 * table. A lease ends in the first `advance(now)` with `now >= deadline`: never early, and never
 * missed however late the call is. A renewal to a later deadline, which is what a heartbeat is, only
 * writes the deadline; the entry moves to its new slot when its old slot comes round.
 *
 * Entries live in typed arrays (24 bytes and one reference each), so that a million leases are no
 * work for the garbage collector. A handle carries its entry's generation, so that a handle kept
 * after the lease ended cannot touch the lease that reuses the entry.
 */
export class LeaseTable<T> {
  readonly #origin: number;
  readonly #granularityMs: number;
  readonly #mask: number;
  readonly #leasesMax: number;
  readonly #lists: SlotLists;

  #deadlines = new Float64Array(INITIAL_LEASES);
  #generations = new Uint32Array(INITIAL_LEASES);
  /** The slot that each entry hangs on, FREE or DUE. A free entry's deadline names the next free. */
  #slots = new Int32Array(INITIAL_LEASES).fill(FREE);
  readonly #values: (T | undefined)[] = [];

  /** Entries that were ever used; the ones given back form the free list. */
  #used = 0;
  #freeHead = NONE;
  #size = 0;
  #tick = 0;
  /** Ended leases whose callback has not run yet, and the generation that each had. */
  #due: number[] = [];
  #dueGenerations: number[] = [];

  /** @throws {RangeError} if an option is out of range. */
  constructor(options: LeaseTableOptions) {
    const { now, granularityMs = 16, slots = 4096, leasesMax = LEASES_MAX } = options;
    if (!(granularityMs > 0)) {
      throw new RangeError(`Cannot make wheel: granularityMs is ${granularityMs}, must be > 0`);
    }
    if (!(slots >= 64 && slots <= 65_536 && (slots & (slots - 1)) === 0)) {
      throw new RangeError(`Cannot make wheel: slots is ${slots}, must be 2^6 to 2^16`);
    }
    if (!(Number.isInteger(leasesMax) && leasesMax >= 1 && leasesMax <= LEASES_MAX)) {
      throw new RangeError(`Cannot make table: leasesMax is ${leasesMax}, must be 1 to 2^24`);
    }
    this.#origin = now;
    this.#granularityMs = granularityMs;
    this.#mask = slots - 1;
    this.#leasesMax = leasesMax;
    this.#lists = new SlotLists(slots, INITIAL_LEASES);
  }

  /** Number of leases held. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a lease.
   *
   * @param value What {@linkcode LeaseTable.advance} hands out when the lease ends.
   * @param deadline When it ends, in milliseconds; `Infinity` is allowed, `NaN` is not.
   * @return The handle, or `undefined` if the table holds `leasesMax` leases.
   */
  add(value: T, deadline: number): Lease | undefined {
    assert(!Number.isNaN(deadline), "a deadline is a number");
    if (this.#size === this.#leasesMax) return undefined;
    let index = this.#freeHead;
    if (index === NONE) {
      index = this.#used++;
      if (index === this.#deadlines.length) this.#grow();
    } else {
      this.#freeHead = this.#at(this.#deadlines, index);
    }
    this.#values[index] = value;
    this.#deadlines[index] = deadline;
    this.#link(index, this.#slotOf(deadline));
    this.#size++;
    return this.#at(this.#generations, index) * LEASES_MAX + index;
  }

  /**
   * Moves a lease's deadline, in either direction.
   *
   * @return False if the handle is stale.
   */
  renew(lease: Lease, deadline: number): boolean {
    assert(!Number.isNaN(deadline), "a deadline is a number");
    const index = this.#find(lease);
    if (index === NONE) return false;
    this.#deadlines[index] = deadline;
    const slot = this.#at(this.#slots, index);
    if (slot === DUE) {
      // Renewed by the callback of another lease that ended in the same call: the renewal wins.
      this.#link(index, this.#slotOf(deadline));
      return true;
    }
    // The slot is looked at before the new deadline anyway: leave the entry there until then.
    const visitTick = this.#tick + ((slot - this.#tick) & this.#mask);
    if (this.#tickOf(deadline) >= visitTick) return true;
    this.#lists.unlink(index, slot);
    this.#link(index, this.#slotOf(deadline));
    return true;
  }

  /**
   * Ends a lease without calling back.
   *
   * @return False if the handle is stale.
   */
  remove(lease: Lease): boolean {
    const index = this.#find(lease);
    if (index === NONE) return false;
    const slot = this.#at(this.#slots, index);
    if (slot !== DUE) this.#lists.unlink(index, slot);
    this.#release(index);
    return true;
  }

  /** When a lease ends, in milliseconds, or `undefined` if the handle is stale. */
  deadline(lease: Lease): number | undefined {
    const index = this.#find(lease);
    return index === NONE ? undefined : this.#at(this.#deadlines, index);
  }

  /**
   * Ends every lease whose deadline has come and hands each one's value to `onEnd`, in no particular
   * order. `onEnd` may add, renew and remove leases. If it throws, the leases not yet handed out are
   * handed out by the next call.
   *
   * @return How many leases were handed out.
   */
  advance(now: number, onEnd: (value: T, deadline: number) => void): number {
    const target = this.#tickOf(now);
    const slots = this.#mask + 1;
    const steps = Math.min(Math.max(target - this.#tick, 0), slots - 1);
    for (let tick = target - steps; tick <= target; tick++) this.#collect(tick & this.#mask, now);
    if (target > this.#tick) this.#tick = target;
    return this.#handOut(onEnd);
  }

  /**
   * When {@linkcode LeaseTable.advance} is to be called next: never later than the earliest deadline,
   * and earlier only when exactness would mean to look at very many leases. `undefined` if the table
   * is empty or holds only leases without end.
   */
  nextWake(): number | undefined {
    let looks = WAKE_SCAN_LEASES_MAX;
    let earliest = Infinity;
    const slots = this.#mask + 1;
    for (let offset = 0; offset < slots; offset++) {
      const gap = this.#lists.distanceToOccupied(
        (this.#tick + offset) & this.#mask,
        slots - offset,
      );
      if (gap === NONE) break;
      offset += gap;
      const tick = this.#tick + offset;
      const slot = tick & this.#mask;
      let index = this.#lists.head(slot);
      while (index !== NONE) {
        if (looks-- === 0) return Math.min(earliest, this.#origin + tick * this.#granularityMs);
        const next = this.#lists.next(index);
        const deadline = this.#at(this.#deadlines, index);
        if (deadline < earliest) earliest = deadline;
        this.#settle(index, slot, deadline);
        index = next;
      }
      // Every slot after this one holds later deadlines only.
      if (this.#tickOf(earliest) <= tick) return earliest;
    }
    return earliest === Infinity ? undefined : earliest;
  }

  /** Moves an entry whose deadline was put off to the slot where it belongs. */
  #settle(index: number, slot: number, deadline: number): void {
    const target = this.#slotOf(deadline);
    if (target === slot) return;
    this.#lists.unlink(index, slot);
    this.#link(index, target);
  }

  #collect(slot: number, now: number): void {
    let index = this.#lists.head(slot);
    while (index !== NONE) {
      const next = this.#lists.next(index);
      const deadline = this.#at(this.#deadlines, index);
      if (deadline <= now) {
        this.#lists.unlink(index, slot);
        this.#slots[index] = DUE;
        this.#due.push(index);
        this.#dueGenerations.push(this.#at(this.#generations, index));
      } else {
        this.#settle(index, slot, deadline);
      }
      index = next;
    }
  }

  #handOut(onEnd: (value: T, deadline: number) => void): number {
    let count = 0;
    while (this.#due.length > 0) {
      const index = this.#due.pop() as number;
      const generation = this.#dueGenerations.pop();
      // Removed or renewed by an earlier callback of this round.
      if (this.#generations[index] !== generation || this.#slots[index] !== DUE) continue;
      const value = this.#values[index] as T;
      const deadline = this.#at(this.#deadlines, index);
      this.#release(index);
      count++;
      onEnd(value, deadline);
    }
    return count;
  }

  #release(index: number): void {
    this.#values[index] = undefined;
    this.#slots[index] = FREE;
    this.#generations[index] = (this.#at(this.#generations, index) + 1) % 2 ** 29;
    this.#deadlines[index] = this.#freeHead;
    this.#freeHead = index;
    this.#size--;
  }

  #find(lease: Lease): number {
    const index = lease % LEASES_MAX;
    if (!(index >= 0 && index < this.#used) || this.#slots[index] === FREE) return NONE;
    return this.#generations[index] === Math.floor(lease / LEASES_MAX) ? index : NONE;
  }

  #link(index: number, slot: number): void {
    this.#lists.link(index, slot);
    this.#slots[index] = slot;
  }

  /** A deadline that has passed belongs into the slot that is looked at next. */
  #slotOf(deadline: number): number {
    const tick = this.#tickOf(deadline);
    return Math.max(tick, this.#tick) & this.#mask;
  }

  /** Deadlines without end share the last tick, which no `now` reaches. */
  #tickOf(time: number): number {
    return Math.min(Math.floor((time - this.#origin) / this.#granularityMs), LAST_TICK);
  }

  #grow(): void {
    const length = this.#deadlines.length * 2;
    this.#deadlines = copyInto(new Float64Array(length), this.#deadlines);
    this.#generations = copyInto(new Uint32Array(length), this.#generations);
    this.#lists.grow(length);
    this.#slots = copyInto(new Int32Array(length).fill(FREE), this.#slots);
  }

  /** Reads an element that is known to exist. */
  #at(array: Float64Array | Int32Array | Uint32Array, index: number): number {
    return array[index] as number;
  }
}

/** About 4 million years of 16 ms ticks; a power of two minus one, so that arithmetic stays exact. */
const LAST_TICK: number = 2 ** 43 - 1;

function copyInto<A extends Float64Array | Int32Array | Uint32Array>(target: A, source: A): A {
  target.set(source);
  return target;
}
