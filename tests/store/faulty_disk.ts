/**
 * A disk that fails when it is told to.
 *
 * @module
 */

import { PAGE_BYTES } from "../../src/store/leaf_pages.ts";
import { Database, type DatabaseOptions } from "../../src/store/database.ts";
import { StoreError } from "../../src/store/store_error.ts";

/** A disk that can be made to fail between two commits. */
export class FaultyDisk {
  #database: Database | undefined;
  #refusal: StoreError | undefined;
  opens = 0;

  readonly open = (options: DatabaseOptions): Database => {
    this.opens++;
    if (this.#refusal !== undefined) throw this.#refusal;
    return this.#database = Database.open(options);
  };

  /** SQLite itself reports a full disk from now on. */
  fill(): void {
    const pages = this.#database?.prepare("PRAGMA page_count").get()?.["page_count"];
    this.#database?.prepare(`PRAGMA max_page_count = ${Number(pages)}`).get();
    this.#refusal = new StoreError("device", "Cannot write: disk is full");
  }

  /** Every write is refused from now on. */
  protect(): void {
    this.#database?.prepare("PRAGMA query_only = 1").run();
    this.#refusal = new StoreError("directory", "Cannot write: read-only file system");
  }

  /** It is not there from now on. */
  remove(): void {
    this.#database?.close();
    this.#refusal = new StoreError("device", "Cannot write: disk I/O error");
  }

  /** The table of the members is not there any more, as after a page went bad. */
  damage(): void {
    this.#database?.prepare("DROP TABLE member").run();
  }

  /** The first leaf of a table is noise from now on. */
  spoil(table: string): void {
    const database = this.#database;
    if (database === undefined) return;
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    const page = database.prepare(
      "SELECT min(pageno) AS page FROM dbstat WHERE name = ? AND pagetype = 'leaf'",
    ).get(table)?.["page"];
    using file = Deno.openSync(database.path, { write: true });
    file.seekSync((Number(page) - 1) * PAGE_BYTES, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(PAGE_BYTES).fill(0xa5));
    // What SQLite has in memory hides it.
    database.prepare("PRAGMA shrink_memory").get();
  }

  repair(): void {
    this.#refusal = undefined;
  }
}
