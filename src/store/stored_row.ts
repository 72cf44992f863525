/**
 * Rows of a database that may be damaged, and the check that a row is as it was written.
 *
 * @module
 */

import type { Column, TableShape } from "./table_shape.ts";

/** One row by its columns. */
export type StoredRow = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Column alias for the bytes that a row's texts have on disk. */
const TEXT_BYTES = "salvage_text_bytes";
/**
 * Name of an extra column that no table has: a row with a value in it belongs to another table.
 */
export const EXTRA_COLUMN = "salvage_extra";

/** The beginning of a statement that selects rows for {@linkcode isAsWritten}. */
export function selectRows({ name, columns, hasRowids }: TableShape): string {
  const texts = columns.filter(({ type }) => type === "TEXT")
    .map((column) => `coalesce(octet_length("${column.name}"), 0)`);
  const selected = [
    ...columns.map((column) => `"${column.name}" AS "${column.name}"`),
    `${["0", ...texts].join(" + ")} AS ${TEXT_BYTES}`,
  ];
  // An index may be intact where the table is damaged, or the other way round.
  return `SELECT ${selected.join(", ")} FROM "${name}"${hasRowids ? " NOT INDEXED" : ""}`;
}

/**
 * Whether a row satisfies the rules of a strict table. That does not prove that it was ever
 * written.
 */
export function isAsWritten(row: StoredRow, { columns }: TableShape): boolean {
  let textBytes = 0;
  for (const column of columns) {
    const value = row[column.name] ?? null;
    if (!fits(value, column)) return false;
    if (typeof value === "string") textBytes += new TextEncoder().encode(value).length;
  }
  // A text with a NUL or an incomplete character is not read back as it was stored.
  return textBytes === row[TEXT_BYTES];
}

/** SQLite checks `NOT NULL` only when a row is written. */
function fits(value: StoredRow[string], { type }: Column): boolean {
  switch (value === null ? "ANY" : type) {
    case "INTEGER":
      return Number.isSafeInteger(value);
    case "REAL":
      return typeof value === "number";
    case "TEXT":
      return typeof value === "string";
    case "BLOB":
      return value instanceof Uint8Array;
    default:
      return true;
  }
}
