/**
 * Reads the rows of a single page, whatever happened to the tree that it belonged to.
 *
 * A small table is a single page, which is both the root of its tree and a leaf. So a leaf is put
 * in the place of an empty table, and SQLite reads it as that table.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { closeQuietly, openToRead, openToWrite } from "./connection.ts";
import { removeDatabase } from "./data_directory.ts";
import { PAGE_BYTES } from "./leaf_pages.ts";
import { EXTRA_COLUMN, isAsWritten, selectRows, type StoredRow } from "./stored_row.ts";
import type { TableShape } from "./table_shape.ts";

/** The most rows of a page: even a damaged row takes some bytes. */
const ROWS_PER_PAGE_MAX = PAGE_BYTES / 4;

/** Where a file holds its change counter: SQLite drops its page cache when the counter changes. */
const CHANGES_AT = 24;

/** Reads leaves as pages of one table. */
export class LeafReader implements Disposable {
  readonly #shape: TableShape;
  readonly #path: string;
  readonly #rootPage: number;
  readonly #file: Deno.FsFile;
  readonly #sqlite: DatabaseSync;
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  #changes = 0;

  /**
   * @param target A database that has the table.
   * @param path A file for this reader alone; it is removed at the end.
   */
  constructor(target: DatabaseSync, shape: TableShape, path: string) {
    this.#shape = shape;
    this.#path = path;
    removeDatabase(path);
    this.#rootPage = makeEmpty(target, shape.name, path);
    this.#file = Deno.openSync(path, { write: true });
    this.#sqlite = openToRead(path);
    // A row of another table, or of an index, may begin like one of this table and have more
    // columns.
    const select = `${selectRows(shape)} WHERE ${EXTRA_COLUMN} IS NULL`;
    this.#all = this.#sqlite.prepare(select);
    this.#one = this.#sqlite.prepare(`${select} LIMIT 1 OFFSET ?`);
  }

  /** The rows of a page that could have been written into this table. */
  read(page: Uint8Array): StoredRow[] {
    const changes = new DataView(new ArrayBuffer(4));
    changes.setUint32(0, ++this.#changes);
    this.#write((this.#rootPage - 1) * PAGE_BYTES, page);
    this.#write(CHANGES_AT, new Uint8Array(changes.buffer));
    return this.#rows().filter((row) => isAsWritten(row, this.#shape));
  }

  [Symbol.dispose](): void {
    closeQuietly(this.#sqlite);
    this.#file.close();
    removeDatabase(this.#path);
  }

  #rows(): StoredRow[] {
    try {
      return this.#all.all() as StoredRow[];
    } catch {
      // At least one row cannot be read: read each row separately.
    }
    const rows: StoredRow[] = [];
    for (let index = 0; index < ROWS_PER_PAGE_MAX; index++) {
      try {
        const row = this.#one.get(index) as StoredRow | undefined;
        if (row === undefined) break;
        rows.push(row);
      } catch {
        // Perhaps the next one can be read.
      }
    }
    return rows;
  }

  #write(offset: number, bytes: Uint8Array): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    this.#file.writeSync(bytes);
  }
}

/** Makes a database with one empty table; returns the number of the table's page. */
function makeEmpty(target: DatabaseSync, table: string, path: string): number {
  const made = target.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const empty = openToWrite(path);
  try {
    empty.exec(`PRAGMA synchronous = OFF; PRAGMA page_size = ${PAGE_BYTES};
      ${String(made.get(table)?.["sql"])}; ALTER TABLE "${table}" ADD COLUMN ${EXTRA_COLUMN} ANY`);
    const root = empty.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?");
    return Number(root.get(table)?.["rootpage"]);
  } finally {
    closeQuietly(empty);
  }
}
