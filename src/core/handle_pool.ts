/**
 * A pool of numbered, reusable entries, with handles that go stale when their entry is reused.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { NONE } from "./slot_lists.ts";

/** The largest number of entries in one pool. */
export const POOL_ENTRIES_MAX: number = 2 ** 24;

/** A generation and an index fill the 53 bits of an exact number; even, so that parity survives. */
const GENERATIONS = 2 ** 29;

/**
 * Hands out entries, small integers from 0 on, each with a value.
 *
 * A handle carries the entry's index and its generation, which counts how often the entry changed
 * hands. A generation is odd while its entry is in use, so a handle that matches is always live, and
 * one that was kept too long does not touch whoever uses the entry now (up to 2^28 reuses of it).
 */
export class HandlePool<T> {
  #generations: Uint32Array;
  readonly #values: (T | undefined)[] = [];
  /** Entries that were given back; the last one is used next. */
  readonly #free: number[] = [];

  /** @param entries How many entries there is room for at first, 1 or more. */
  constructor(entries: number) {
    this.#generations = new Uint32Array(entries);
  }

  /** Number of entries in use. */
  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** Number of entries that there is room for before {@linkcode HandlePool.grow} is needed. */
  get capacity(): number {
    return this.#generations.length;
  }

  /** True if the next {@linkcode HandlePool.take} needs {@linkcode HandlePool.grow} first. */
  get full(): boolean {
    return this.size === this.capacity;
  }

  /** Takes an entry into use. */
  take(value: T): number {
    assert(!this.full, "a pool is grown before it overflows");
    const index = this.#free.pop() ?? this.#values.length;
    this.#values[index] = value;
    this.#generations[index] = this.generation(index) + 1;
    return index;
  }

  /** Takes an entry out of use; its handle goes stale. */
  release(index: number): void {
    assert(this.generation(index) % 2 === 1, "only an entry in use is released");
    this.#values[index] = undefined;
    this.#generations[index] = (this.generation(index) + 1) % GENERATIONS;
    this.#free.push(index);
  }

  /** The handle of an entry in use. */
  handle(index: number): number {
    return this.generation(index) * POOL_ENTRIES_MAX + index;
  }

  /** The entry that a handle names, or {@linkcode NONE} if the handle is stale or never was one. */
  find(handle: number): number {
    // Bits of numbers as large as these cost little; % and rounding cost more.
    const index = handle & (POOL_ENTRIES_MAX - 1);
    const generation = (handle - index) / POOL_ENTRIES_MAX;
    const current = this.#generations[index] ?? 0;
    return current === generation && (current & 1) === 1 ? index : NONE;
  }

  /** The value of an entry in use. */
  value(index: number): T {
    return this.#values[index] as T;
  }

  /** How often an entry changed hands, counted round; odd while it is in use. */
  generation(index: number): number {
    return this.#generations[index] as number;
  }

  /** Makes room for more entries. */
  grow(entries: number): void {
    const generations = new Uint32Array(entries);
    generations.set(this.#generations);
    this.#generations = generations;
  }
}
