/**
 * Reading the rows of a single page, whatever became of the tree that it belonged to.
 *
 * A table that is small enough is one page, which is both the root of its tree and a leaf. So a leaf is
 * put in the place of an empty table, and SQLite reads it as that table.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { closeQuietly } from "./connection.ts";
import { removeDatabase } from "./data_directory.ts";
import { PAGE_BYTES } from "./leaf_pages.ts";
import { EXTRA_COLUMN, isAsWritten, selectRows, type StoredRow } from "./stored_row.ts";
import type { TableShape } from "./table_shape.ts";

/** The most rows of a page: each takes some bytes, however damaged they are. */
const ROWS_PER_PAGE_MAX = PAGE_BYTES / 4;

/** Reads leaves as those of one table. */
export class LeafReader implements Disposable {
  readonly shape: TableShape;
  readonly #path: string;
  readonly #rootPage: number;
  readonly #file: Deno.FsFile;

  /**
   * @param target A database that has the table.
   * @param path A file for this alone; it is removed in the end.
   */
  constructor(target: DatabaseSync, shape: TableShape, path: string) {
    this.shape = shape;
    this.#path = path;
    const sql = target.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")
      .get(shape.name)?.["sql"];
    removeDatabase(path);
    const empty = new DatabaseSync(path);
    try {
      empty.exec(`PRAGMA synchronous = OFF; PRAGMA page_size = ${PAGE_BYTES}; ${String(sql)}`);
      empty.exec(`ALTER TABLE "${shape.name}" ADD COLUMN ${EXTRA_COLUMN} ANY`);
      const root = empty.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?");
      this.#rootPage = Number(root.get(shape.name)?.["rootpage"]);
    } finally {
      closeQuietly(empty);
    }
    this.#file = Deno.openSync(path, { write: true });
  }

  /** The rows of a page that can have been written into this table. */
  read(page: Uint8Array): StoredRow[] {
    this.#file.seekSync((this.#rootPage - 1) * PAGE_BYTES, Deno.SeekMode.Start);
    this.#file.writeSync(page);
    let sqlite: DatabaseSync | undefined;
    try {
      sqlite = new DatabaseSync(this.#path, { readOnly: true });
      return rowsOf(sqlite, this.shape);
    } catch {
      // Not a page of this table, or none any more.
      return [];
    } finally {
      closeQuietly(sqlite);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
    removeDatabase(this.#path);
  }
}

function rowsOf(sqlite: DatabaseSync, shape: TableShape): StoredRow[] {
  // A row of another table or of an index may begin like one of this and have more.
  const select = `${selectRows(shape)} WHERE ${EXTRA_COLUMN} IS NULL`;
  const isRow = (row: StoredRow) => isAsWritten(row, shape);
  try {
    return (sqlite.prepare(select).all() as StoredRow[]).filter(isRow);
  } catch {
    // One of them cannot be read: each by itself.
    const one = sqlite.prepare(`${select} LIMIT 1 OFFSET ?`);
    const rows: StoredRow[] = [];
    for (let index = 0; index < ROWS_PER_PAGE_MAX; index++) {
      try {
        const row = one.get(index) as StoredRow | undefined;
        if (row === undefined) break;
        if (isRow(row)) rows.push(row);
      } catch {
        // Perhaps the next one can be read.
      }
    }
    return rows;
  }
}
