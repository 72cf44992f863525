/**
 * Many linked lists over one set of numbered entries, as a timer wheel needs them.
 *
 * @module
 */

/** Means: no entry, no slot. */
export const NONE = -1;

/**
 * One doubly linked list per slot. An entry is a small integer that hangs on at most one list; the
 * links live in typed arrays, so that lists of a million entries are no work for the garbage
 * collector. A bit per slot finds the next list that is not empty without walking empty ones.
 */
export class SlotLists {
  /** First entry of each slot, or NONE. */
  readonly #heads: Int32Array;
  /** One bit per slot: does it hold entries? */
  readonly #occupied: Uint32Array;
  readonly #mask: number;
  #next: Int32Array;
  #previous: Int32Array;

  /**
   * @param slots Number of lists, a power of two of at least 32.
   * @param entries The initial number of entries.
   */
  constructor(slots: number, entries: number) {
    this.#mask = slots - 1;
    this.#heads = new Int32Array(slots).fill(NONE);
    this.#occupied = new Uint32Array(slots / 32);
    this.#next = new Int32Array(entries);
    this.#previous = new Int32Array(entries);
  }

  /** First entry of a slot, or {@linkcode NONE}. */
  head(slot: number): number {
    return this.#heads[slot] as number;
  }

  /** The entry after this one in its list, or {@linkcode NONE}. */
  next(entry: number): number {
    return this.#next[entry] as number;
  }

  /** Hangs a loose entry at the front of a slot's list. */
  link(entry: number, slot: number): void {
    const head = this.#heads[slot] as number;
    this.#next[entry] = head;
    this.#previous[entry] = NONE;
    if (head === NONE) this.#occupied[slot >>> 5] = this.#word(slot) | (1 << (slot & 31));
    else this.#previous[head] = entry;
    this.#heads[slot] = entry;
  }

  /** Takes an entry off the list of the slot that it hangs on. */
  unlink(entry: number, slot: number): void {
    const next = this.#next[entry] as number;
    const previous = this.#previous[entry] as number;
    if (next !== NONE) this.#previous[next] = previous;
    if (previous !== NONE) {
      this.#next[previous] = next;
      return;
    }
    this.#heads[slot] = next;
    if (next === NONE) this.#occupied[slot >>> 5] = this.#word(slot) & ~(1 << (slot & 31));
  }

  /**
   * The distance from a slot to the next one that holds entries, wrapping round at the end: 0 if
   * the slot itself holds some, {@linkcode NONE} if no slot within `limit` does.
   */
  distanceToOccupied(slot: number, limit: number): number {
    for (let distance = 0; distance < limit;) {
      const at = (slot + distance) & this.#mask;
      const word = this.#word(at) >>> (at & 31);
      if (word === 0) {
        distance += 32 - (at & 31);
        continue;
      }
      distance += 31 - Math.clz32(word & -word);
      return distance < limit ? distance : NONE;
    }
    return NONE;
  }

  /** Makes room for more entries. */
  grow(entries: number): void {
    const next = new Int32Array(entries);
    next.set(this.#next);
    this.#next = next;
    const previous = new Int32Array(entries);
    previous.set(this.#previous);
    this.#previous = previous;
  }

  #word(slot: number): number {
    return this.#occupied[slot >>> 5] as number;
  }
}
