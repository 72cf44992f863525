/**
 * Leases: promises to be heard again before a deadline, any number of them under one timer.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { HandlePool, POOL_ENTRIES_MAX } from "./handle_pool.ts";
import { NONE, SlotLists } from "./slot_lists.ts";

/**
 * Names one lease of one table. It goes stale when the lease ends: every operation on a stale handle
 * does nothing and says so. {@linkcode NO_LEASE} is stale from the start.
 */
export type Lease = number;

/** A handle that never names a lease. */
export const NO_LEASE: Lease = -1;

/** Options of {@linkcode LeaseTable}. */
export interface LeaseTableOptions {
  /** Time of the start in milliseconds, on the clock of all later calls. */
  now: number;
  /** Width of one slot of the wheel in whole milliseconds, 1 to 65 536; 16 if not given. */
  granularityMs?: number;
  /** Number of slots of the wheel, a power of two from 64 to 65 536; 4096 if not given. */
  slots?: number;
  /** The most leases that are held at once, 1 to {@linkcode LEASES_MAX}. */
  leasesMax?: number;
}

/** The largest number of leases in one table. */
export const LEASES_MAX: number = POOL_ENTRIES_MAX;

/** How many leases {@linkcode LeaseTable.nextWake} examines before it settles for an estimate. */
const WAKE_SCAN_LEASES_MAX = 4096;

const INITIAL_LEASES = 64;
/** Pseudo slots of entries that hang on no list of the wheel: free, ended, without end. */
const FREE = -1;
const DUE = -2;
const ENDLESS = -3;

/** Over 4 000 years of 16 ms ticks; a power of two minus one, so that arithmetic stays exact. */
const LAST_TICK: number = 2 ** 43 - 1;

/**
 * A hashed timer wheel. Adding, renewing, removing and expiring take constant time.
 *
 * Time is an argument, and one call of {@linkcode LeaseTable.advance} per wake-up serves the whole
 * table. A lease ends in the first `advance(now)` with `now >= deadline`: never early, and never
 * missed however late the call is. A renewal to a later deadline, which is what a heartbeat is, only
 * writes the deadline; the entry moves to its new slot when its old slot comes round.
 *
 * Entries live in typed arrays (24 bytes and one reference each), so that a million leases are no
 * work for the garbage collector. Leases without end hang on no slot and cost no time at all.
 */
export class LeaseTable<T> {
  readonly #origin: number;
  readonly #granularityMs: number;
  readonly #mask: number;
  readonly #leasesMax: number;
  readonly #lists: SlotLists;
  readonly #pool = new HandlePool<T>(INITIAL_LEASES);

  #deadlines = new Float64Array(INITIAL_LEASES);
  /** The slot that each entry hangs on, or a pseudo slot. */
  #slots = new Int32Array(INITIAL_LEASES).fill(FREE);
  #tick = 0;
  /** Handles of ended leases whose callback has not run yet. */
  readonly #due: Lease[] = [];

  /** @throws {RangeError} if an option is out of range. */
  constructor(options: LeaseTableOptions) {
    const { now, granularityMs = 16, slots = 4096, leasesMax = LEASES_MAX } = options;
    if (!Number.isFinite(now)) {
      throw new RangeError(`Cannot make table: now is ${now}, must be finite`);
    }
    if (!(Number.isInteger(granularityMs) && granularityMs >= 1 && granularityMs <= 65_536)) {
      throw new RangeError(
        `Cannot make wheel: granularityMs is ${granularityMs}, must be a whole number, 1 to 65536`,
      );
    }
    if (!(slots >= 64 && slots <= 65_536 && (slots & (slots - 1)) === 0)) {
      throw new RangeError(`Cannot make wheel: slots is ${slots}, must be 2^6 to 2^16`);
    }
    if (!(Number.isInteger(leasesMax) && leasesMax >= 1 && leasesMax <= LEASES_MAX)) {
      throw new RangeError(`Cannot make table: leasesMax is ${leasesMax}, must be 1 to 2^24`);
    }
    // A whole origin and a whole granularity make the start of every tick an exact number.
    this.#origin = Math.floor(now);
    this.#granularityMs = granularityMs;
    this.#mask = slots - 1;
    this.#leasesMax = leasesMax;
    this.#lists = new SlotLists(slots, INITIAL_LEASES);
  }

  /** Number of leases held. */
  get size(): number {
    return this.#pool.size;
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
    if (this.#pool.size === this.#leasesMax) return undefined;
    if (this.#pool.full) this.#grow();
    const index = this.#pool.take(value);
    this.#deadlines[index] = deadline;
    this.#hang(index, deadline);
    return this.#pool.handle(index);
  }

  /**
   * Moves a lease's deadline, in either direction.
   *
   * @return False if the handle is stale.
   */
  renew(lease: Lease, deadline: number): boolean {
    assert(!Number.isNaN(deadline), "a deadline is a number");
    const index = this.#pool.find(lease);
    if (index === NONE) return false;
    this.#deadlines[index] = deadline;
    const slot = this.#slotOf(index);
    if (slot >= 0) {
      // The slot is looked at before the new deadline anyway: leave the entry there until then.
      const visitTick = this.#tick + ((slot - this.#tick) & this.#mask);
      if (this.#tickOf(deadline) >= visitTick) return true;
      this.#lists.unlink(index, slot);
    }
    // The renewal revives a lease that has ended but whose callback has not run yet.
    this.#hang(index, deadline);
    return true;
  }

  /**
   * Ends a lease without calling back.
   *
   * @return False if the handle is stale.
   */
  remove(lease: Lease): boolean {
    const index = this.#pool.find(lease);
    if (index === NONE) return false;
    const slot = this.#slotOf(index);
    if (slot >= 0) this.#lists.unlink(index, slot);
    this.#release(index);
    return true;
  }

  /** When a lease ends, in milliseconds, or `undefined` if the handle is stale. */
  deadline(lease: Lease): number | undefined {
    const index = this.#pool.find(lease);
    return index === NONE ? undefined : this.#deadlineOf(index);
  }

  /**
   * Ends every lease whose deadline has come and hands each one's value to `onEnd`, in no particular
   * order. `onEnd` may add, renew and remove leases. If it throws, the leases not yet handed out are
   * handed out by the next call.
   *
   * @param now Milliseconds, finite. A step backwards ends nothing early and loses nothing.
   * @return How many leases were handed out.
   */
  advance(now: number, onEnd: (value: T, deadline: number) => void): number {
    assert(Number.isFinite(now), "the present is a finite number");
    // Always examine the slot of the last tick: past deadlines hang there too.
    const target = Math.max(this.#tickOf(now), this.#tick);
    const steps = Math.min(target - this.#tick, this.#mask);
    for (let tick = target - steps; tick <= target; tick++) this.#collect(tick & this.#mask, now);
    this.#tick = target;
    return this.#handOut(onEnd);
  }

  /**
   * When {@linkcode LeaseTable.advance} is to be called next: never later than the earliest
   * deadline, and earlier, by a tick or more, only when an exact answer would cost a look at very
   * many leases. `undefined` if the table holds no lease with an end.
   */
  nextWake(): number | undefined {
    let earliest = this.#earliestDue();
    let looks = WAKE_SCAN_LEASES_MAX;
    const slots = this.#mask + 1;
    for (let offset = 0; offset < slots; offset++) {
      const from = (this.#tick + offset) & this.#mask;
      const gap = this.#lists.distanceToOccupied(from, slots - offset);
      if (gap === NONE) break;
      offset += gap;
      const tick = this.#tick + offset;
      const slot = tick & this.#mask;
      for (let index = this.#lists.head(slot); index !== NONE;) {
        // An estimate within the last tick would stop time: read that slot to its end.
        if (looks-- <= 0 && offset > 0) {
          return Math.min(earliest, this.#origin + tick * this.#granularityMs);
        }
        const next = this.#lists.next(index);
        const deadline = this.#deadlineOf(index);
        if (deadline < earliest) earliest = deadline;
        this.#settle(index, slot, deadline);
        index = next;
      }
      // Every slot after this one holds later deadlines only.
      if (this.#tickOf(earliest) <= tick) return earliest;
    }
    return earliest === Infinity ? undefined : earliest;
  }

  /** The earliest deadline of the leases that a callback's exception left behind. */
  #earliestDue(): number {
    let earliest = Infinity;
    for (const lease of this.#due) {
      const index = this.#pool.find(lease);
      if (index !== NONE) earliest = Math.min(earliest, this.#deadlineOf(index));
    }
    return earliest;
  }

  #collect(slot: number, now: number): void {
    for (let index = this.#lists.head(slot); index !== NONE;) {
      const next = this.#lists.next(index);
      const deadline = this.#deadlineOf(index);
      if (deadline <= now) {
        this.#lists.unlink(index, slot);
        this.#slots[index] = DUE;
        this.#due.push(this.#pool.handle(index));
      } else {
        this.#settle(index, slot, deadline);
      }
      index = next;
    }
  }

  #handOut(onEnd: (value: T, deadline: number) => void): number {
    let count = 0;
    for (let lease = this.#due.pop(); lease !== undefined; lease = this.#due.pop()) {
      const index = this.#pool.find(lease);
      // Removed or renewed by an earlier callback.
      if (index === NONE || this.#slotOf(index) !== DUE) continue;
      const value = this.#pool.value(index);
      const deadline = this.#deadlineOf(index);
      this.#release(index);
      count++;
      onEnd(value, deadline);
    }
    return count;
  }

  /** Moves an entry whose deadline was put off to the slot where it belongs. */
  #settle(index: number, slot: number, deadline: number): void {
    if (this.#slotFor(deadline) === slot) return;
    this.#lists.unlink(index, slot);
    this.#hang(index, deadline);
  }

  #hang(index: number, deadline: number): void {
    const slot = this.#slotFor(deadline);
    if (slot >= 0) this.#lists.link(index, slot);
    this.#slots[index] = slot;
  }

  #release(index: number): void {
    this.#slots[index] = FREE;
    this.#pool.release(index);
  }

  /** A deadline that has passed belongs in the slot that is examined next. */
  #slotFor(deadline: number): number {
    if (deadline === Infinity) return ENDLESS;
    return Math.max(this.#tickOf(deadline), this.#tick) & this.#mask;
  }

  #tickOf(time: number): number {
    return Math.min(Math.floor((time - this.#origin) / this.#granularityMs), LAST_TICK);
  }

  #slotOf(index: number): number {
    return this.#slots[index] as number;
  }

  #deadlineOf(index: number): number {
    return this.#deadlines[index] as number;
  }

  #grow(): void {
    const length = this.#pool.capacity * 2;
    this.#pool.grow(length);
    this.#lists.grow(length);
    const deadlines = new Float64Array(length);
    deadlines.set(this.#deadlines);
    this.#deadlines = deadlines;
    const slots = new Int32Array(length).fill(FREE);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}
