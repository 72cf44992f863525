/**
 * What this run has decided before it knew what an earlier run had stored.
 *
 * @module
 */

/**
 * The most names that are remembered while the store's disk is away from the start on; beyond it,
 * the oldest is forgotten, and its record returns with the disk.
 */
export const OVERRULED_NAMES_MAX = 100_000;

/**
 * Names whose stored records must not return, each with what was decided of it. They are needed
 * only until the records of the earlier run are restored: usually at once, but much later if the
 * disk is not there at the start.
 */
export class Overruled<V> {
  #decisions: Map<string, V> | undefined = new Map();

  /** Records a decision; no effect after {@linkcode Overruled.end}. */
  note(name: string, decision: V): void {
    if (this.#decisions === undefined) return;
    this.#decisions.delete(name);
    this.#decisions.set(name, decision);
    if (this.#decisions.size <= OVERRULED_NAMES_MAX) return;
    const [oldest] = this.#decisions.keys();
    if (oldest !== undefined) this.#decisions.delete(oldest);
  }

  /** What was decided, if anything. */
  get(name: string): V | undefined {
    return this.#decisions?.get(name);
  }

  /** Everything is restored: forgets all names, and takes no more. */
  end(): void {
    this.#decisions = undefined;
  }
}
