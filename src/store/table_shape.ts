/**
 * The structure of the tables, read from the database itself, so that code for all tables covers
 * new ones too.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** A column as a strict table declares it. */
export interface Column {
  readonly name: string;
  /** `INTEGER`, `REAL`, `TEXT`, `BLOB` or `ANY`. */
  readonly type: string;
}

/** A table. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The columns that order its rows; for a table with rowids, the rowid. */
  readonly key: readonly Column[];
  /** True if its rows lie in a tree of rowids, with separate indexes. */
  readonly hasRowids: boolean;
}

const TABLES = `
  SELECT name, wr FROM pragma_table_list
  WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`;
// A rowid without its own column counts as a column: it comes first, as `rowid`.
const COLUMNS = "SELECT name, type, pk FROM pragma_table_info(?)";

/** All tables of a database, in the order in which they were made. */
export function tablesOf(sqlite: DatabaseSync): TableShape[] {
  const made = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid");
  const order = made.all().map((row) => String(row["name"]));
  return sqlite.prepare(TABLES).all()
    .map((row) => shapeOf(sqlite, String(row["name"]), Number(row["wr"]) === 0))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function shapeOf(sqlite: DatabaseSync, name: string, hasRowids: boolean): TableShape {
  const rows = sqlite.prepare(COLUMNS).all(name).map((row) => ({
    column: { name: String(row["name"]), type: String(row["type"]).toUpperCase() },
    place: Number(row["pk"]),
  }));
  const columns = rows.map(({ column }) => column);
  const key = rows.filter(({ place }) => place > 0)
    .sort((a, b) => a.place - b.place).map(({ column }) => column);
  const [first] = key;
  const isRowid = key.length === 1 && first?.type === "INTEGER";
  if (!hasRowids || isRowid) return { name, columns, key, hasRowids };
  const rowid = { name: "rowid", type: "INTEGER" };
  return { name, columns: [rowid, ...columns], key: [rowid], hasRowids };
}
