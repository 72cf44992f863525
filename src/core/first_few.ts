/**
 * The first few of many things, without keeping the many.
 *
 * @module
 */

/** Takes things one by one, counts them, and keeps those that come first in an order. */
export class FirstFew<T> {
  readonly #limit: number;
  readonly #compare: (one: T, other: T) => number;
  #kept: T[] = [];
  /** The last of those that are kept, once there are enough: whatever comes after it is not kept. */
  #last: T | undefined;
  #total = 0;

  /**
   * @param limit How many are kept, from 1 on; up to twice as many until they are asked for.
   * @param compare Below zero if the first one comes before the other.
   */
  constructor(limit: number, compare: (one: T, other: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** How many were added. */
  get total(): number {
    return this.#total;
  }

  /** Takes one more. */
  add(one: T): void {
    this.#total++;
    if (this.#last !== undefined && this.#compare(one, this.#last) >= 0) return;
    if (this.#kept.push(one) >= 2 * this.#limit) this.#trim();
  }

  /** The first ones in their order. */
  list(): readonly T[] {
    this.#trim();
    return this.#kept;
  }

  #trim(): void {
    this.#kept = this.#kept.sort(this.#compare).slice(0, this.#limit);
    this.#last = this.#kept[this.#limit - 1];
  }
}
