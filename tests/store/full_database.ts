/**
 * A database with rows in every table of the schema, whatever tables that are, and what damages it.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { Database } from "../../src/store/database.ts";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { type Column, type TableShape, tablesOf } from "../../src/store/table_shape.ts";
import { temporaryDirectory } from "./virtual_host.ts";

/** Every row of every table, as text, by its table and its key. */
export type Content = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** One page of a table or of an index on it. */
export interface Page {
  /** From 1. */
  readonly number: number;
  readonly table: string;
  readonly isIndex: boolean;
  readonly type: string;
  readonly cells: number;
}

/** A sound database and what is in it. */
export interface FullDatabase {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tables: readonly TableShape[];
  readonly content: Content;
  readonly pages: readonly Page[];
}

/** Makes a database with so many rows in each of its tables. */
export function fullDatabase(rowsPerTable: number): FullDatabase {
  using directory = temporaryDirectory();
  Database.open({ directory: directory.path }).close();
  const path = `${directory.path}/${DATABASE_FILE}`;
  const sqlite = new DatabaseSync(path);
  const tables = tablesOf(sqlite);
  sqlite.exec("BEGIN");
  for (const { name, columns } of tables) {
    const marks = columns.map(() => "?").join(", ");
    const insert = sqlite.prepare(`INSERT INTO "${name}" VALUES (${marks})`);
    for (let row = 1; row <= rowsPerTable; row++) {
      insert.run(...columns.map((column) => valueOf(column, name, row)));
    }
  }
  sqlite.exec("COMMIT");
  const pages = pagesOf(sqlite);
  const content = contentOf(sqlite);
  sqlite.close();
  return { bytes: Deno.readFileSync(path), tables, content, pages };
}

/** Reads all rows of all tables. */
export function contentOf(sqlite: DatabaseSync): Content {
  return new Map(
    tablesOf(sqlite).map(({ name, key }) => {
      const rows = sqlite.prepare(`SELECT * FROM "${name}"`).all().map((row): [string, string] => [
        JSON.stringify(key.map((column) => row[column.name])),
        JSON.stringify(row),
      ]);
      return [name, new Map(rows)];
    }),
  );
}

function valueOf({ name, type }: Column, table: string, row: number): string | number {
  switch (type) {
    case "INTEGER":
      return row;
    case "REAL":
      return row + 0.5;
    default:
      return `${table} ${name} ${row} é ${"x".repeat(40 + row % 40)}`;
  }
}

/** The pages of the tables of a database that is given as bytes. */
export function pagesOfBytes(bytes: Uint8Array): Page[] {
  using directory = temporaryDirectory();
  Deno.writeFileSync(`${directory.path}/pages.db`, bytes);
  const sqlite = new DatabaseSync(`${directory.path}/pages.db`);
  try {
    return pagesOf(sqlite);
  } finally {
    sqlite.close();
  }
}

function pagesOf(sqlite: DatabaseSync): Page[] {
  const owners = new Map(
    sqlite.prepare("SELECT name, tbl_name FROM sqlite_schema").all()
      .map((row) => [String(row["name"]), String(row["tbl_name"])]),
  );
  return sqlite.prepare("SELECT name, pageno, pagetype, ncell FROM dbstat").all()
    .filter((row) => owners.has(String(row["name"])))
    .map((row) => ({
      number: Number(row["pageno"]),
      table: owners.get(String(row["name"])) ?? "",
      isIndex: owners.get(String(row["name"])) !== row["name"],
      type: String(row["pagetype"]),
      cells: Number(row["ncell"]),
    }));
}
