/**
 * Which heartbeat comes after which.
 *
 * @module
 */

/** So many beats on end must have come in the order of the last time before the next is expected. */
const STREAK_BEATS = 2;

/** There is no expectation. */
const UNEXPECTED = -1;

/**
 * Learns the order of beats, each named by an index from 0 to 65 535. Applications that beat at equal
 * intervals come in the same order each time.
 */
export class BeatOrder {
  /** By index: the beat that came next the last time; 0 at first. */
  #successors = new Uint16Array(0);
  #last = 0;
  /** How many beats on end came in the order of the last time, if they were few. */
  #streak = 0;

  /** The beat that came last; 0 at first. */
  get last(): number {
    return this.#last;
  }

  /** The beat that should come now; negative if the last ones came in no known order. */
  get expected(): number {
    return this.#streak < STREAK_BEATS ? UNEXPECTED : this.after(this.#last);
  }

  /** The beat that came after another one the last time; 0 if none did. */
  after(index: number): number {
    return this.#successors[index] as number;
  }

  /** Takes note of a beat. */
  came(index: number): void {
    if (this.after(this.#last) === index) {
      if (this.#streak < STREAK_BEATS) this.#streak++;
    } else {
      this.#successors[this.#last] = index;
      this.#streak = 0;
    }
    this.#last = index;
  }

  /** Makes room for more beats: indices below their number can come. */
  grow(beats: number): void {
    const successors = new Uint16Array(beats);
    successors.set(this.#successors);
    this.#successors = successors;
  }
}
