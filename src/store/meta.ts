/**
 * Small values that outlive a run, such as counters of identities.
 *
 * @module
 */

import { Overruled } from "../core/overruled.ts";
import type { Database } from "./database.ts";
import { fromColumn, toColumn } from "./text.ts";

/** The most keys. */
export const META_KEYS_MAX = 1_000;
/** The longest value, in UTF-16 code units. */
export const META_VALUE_LENGTH_MAX = 4_096;

const SELECT = "SELECT key, value FROM meta";
const UPSERT =
  "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const DELETE = "DELETE FROM meta WHERE key = ?";
const DELETE_ALL = "DELETE FROM meta";

/**
 * Values by key: in memory at once, and on disk with the next group commit.
 *
 * A value that was set in the last second before a kill is lost: code that numbers identities with
 * it must skip some numbers after a restart, see {@linkcode Meta.restored}.
 */
export class Meta {
  readonly #values = new Map<string, string>();
  readonly #changed = new Set<string>();
  readonly #overruled = new Overruled<true>();
  #restored = false;
  /** Whether the whole table must be rewritten. */
  #rewrite = false;

  /** Whether values of an earlier run were restored. */
  get restored(): boolean {
    return this.#restored;
  }

  /** Whether something is waiting to be written. */
  get changed(): boolean {
    return this.#rewrite || this.#changed.size > 0;
  }

  /** The value of a key. */
  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  /**
   * Sets the value of a key; `undefined` deletes it.
   *
   * @throws {RangeError} if there are too many keys, or the value is too long.
   */
  set(key: string, value: string | undefined): void {
    if (value === this.#values.get(key)) {
      // An earlier run may have set another, which is not restored yet.
      this.#overruled.note(key, true);
      return;
    }
    if (value === undefined) {
      this.#values.delete(key);
    } else {
      this.#check(key, value);
      this.#values.set(key, value);
    }
    this.#changed.add(key);
    this.#overruled.note(key, true);
    // Keys that come and go while the disk is away must not accumulate.
    if (this.#changed.size > 2 * META_KEYS_MAX) this.rewrite();
  }

  /** Takes over the values of an earlier run, except for keys that this run has set. */
  load(database: Database): void {
    for (const row of database.prepare(SELECT).all()) {
      const key = fromColumn(String(row["key"]));
      this.#restored = true;
      if (!this.#overruled.get(key)) this.#values.set(key, fromColumn(String(row["value"])));
    }
  }

  /** Records that everything of an earlier run is restored. */
  endRestoring(): void {
    this.#overruled.end();
  }

  /** Writes the changes. The caller provides the transaction. */
  write(database: Database): void {
    if (this.#rewrite) database.prepare(DELETE_ALL).run();
    for (const key of this.#rewrite ? this.#values.keys() : this.#changed) {
      const value = this.#values.get(key);
      if (value === undefined) database.prepare(DELETE).run(toColumn(key));
      else database.prepare(UPSERT).run(toColumn(key), toColumn(value));
    }
  }

  /** Records that the changes are on disk. */
  settle(): void {
    this.#changed.clear();
    this.#rewrite = false;
  }

  /** Marks everything to be rewritten, for a database that may have lost it. */
  rewrite(): void {
    this.#rewrite = true;
    this.#changed.clear();
  }

  #check(key: string, value: string): void {
    if (value.length > META_VALUE_LENGTH_MAX) {
      throw new RangeError(
        `Cannot set "${key}": value has length ${value.length}, must be <= ${META_VALUE_LENGTH_MAX}`,
      );
    }
    if (!this.#values.has(key) && this.#values.size >= META_KEYS_MAX) {
      throw new RangeError(`Cannot set "${key}": there are ${META_KEYS_MAX} keys already`);
    }
  }
}
