/**
 * Remembers across restarts which applications are members only because a setting expected them, so
 * that they go when the setting goes.
 *
 * @module
 */

import { fnv1a } from "./fnv1a.ts";

/** Keeps small values across restarts. */
export interface ExpectedKeeper {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): unknown;
}

const KEY = "heartbeat-expected-";
/** Hashes in one value, which has room for 4096 characters. */
const HASHES_PER_VALUE = 500;
const HASH_DIGITS = 8;
/** The most values: more than the settings can fill. */
const VALUES_MAX = 40;

/** Remembers identities by their hashes. */
export class ExpectedBefore {
  readonly #keeper: ExpectedKeeper;

  constructor(keeper: ExpectedKeeper) {
    this.#keeper = keeper;
  }

  /** Whether the setting named this identity at the last call of {@linkcode replace}. */
  reader(): (id: string) => boolean {
    const hashes = new Set<string>();
    for (let index = 0; index < VALUES_MAX; index++) {
      const value = this.#keeper.get(KEY + index);
      if (value === undefined) break;
      for (let at = 0; at < value.length; at += HASH_DIGITS) {
        hashes.add(value.slice(at, at + HASH_DIGITS));
      }
    }
    return (id) => hashes.has(hashOf(id));
  }

  /** Records the identities that the setting names now. */
  replace(ids: readonly string[]): void {
    for (let index = 0; index < VALUES_MAX; index++) {
      const part = ids.slice(index * HASHES_PER_VALUE, (index + 1) * HASHES_PER_VALUE);
      const value = part.length === 0 ? undefined : part.map(hashOf).join("");
      if (this.#keeper.get(KEY + index) !== value) this.#keeper.set(KEY + index, value);
    }
  }
}

function hashOf(id: string): string {
  return (fnv1a(id) >>> 0).toString(16).padStart(HASH_DIGITS, "0");
}
