/**
 * Client identities that the server assigns (mlf.md section 7).
 *
 * @module
 */

/** Keeps small values across restarts. */
export interface Keeper {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
}

const KEY = "mlf.lastClientId";
/**
 * How many numbers are stored as used in advance, because a killed process loses its last second.
 */
const AHEAD = 16;

/** Counts 1, 2, 3 …, skips identities in use, and continues where an earlier run ended. */
export class Identities {
  readonly #keeper: Keeper | undefined;
  readonly #isUsed: (id: string) => boolean;
  #last: number | undefined;
  #kept = 0;

  /**
   * @param isUsed Whether a client with this identity is connected.
   * @param keeper Where the count is kept; in memory only if not given.
   */
  constructor(isUsed: (id: string) => boolean, keeper?: Keeper) {
    this.#isUsed = isUsed;
    this.#keeper = keeper;
  }

  /** The next identity. */
  next(): number {
    let id = this.#lastId() + 1;
    while (this.#isUsed(String(id))) id++;
    this.#last = id;
    if (id > this.#kept) this.#keep(id + AHEAD);
    return id;
  }

  /** Restarts at 1. */
  reset(): void {
    this.#last = 0;
    this.#keep(0);
  }

  /** Stores the exact count; call it at an orderly end. */
  close(): void {
    if (this.#last !== undefined) this.#keep(this.#last);
  }

  #lastId(): number {
    const kept = this.#last ?? Number(this.#keeper?.get(KEY) ?? 0);
    return Number.isSafeInteger(kept) && kept >= 0 ? kept : 0;
  }

  #keep(count: number): void {
    this.#kept = count;
    this.#keeper?.set(KEY, String(count));
  }
}
