/**
 * Saves the readable rows of a damaged database.
 *
 * Tables are read in order, up to the damage. If a table cannot be read completely, each of its
 * pages is then read separately.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { SECOND_MS } from "../core/clock.ts";
import { leafPages } from "./leaf_pages.ts";
import { LeafReader } from "./leaf_reader.ts";
import type { StoredRow } from "./stored_row.ts";
import { type TableShape, tablesOf } from "./table_shape.ts";
import { walkTable } from "./table_walk.ts";

/**
 * The time limit of the salvage, in milliseconds: a failing medium may need seconds for one page,
 * and a service manager waits 20 seconds for a sign of life. A hundred thousand members take a few
 * seconds.
 */
export const SALVAGE_MS_MAX: number = 15 * SECOND_MS;

/** The temporary file beside a damaged database through which its pages are read. */
export function leafPath(path: string): string {
  return `${path}.leaf`;
}

/** Number of saved rows by table; tables without a saved row are absent. */
export type SavedRows = Readonly<Record<string, number>>;

/** The source and the target of a salvage. */
export interface SalvageOptions {
  /** Where the damaged database is. */
  readonly path: string;
  /** The damaged database; `undefined` if it cannot even be opened. */
  readonly source: DatabaseSync | undefined;
  /** A database with the same tables as the damaged one. */
  readonly target: DatabaseSync;
  /** Monotonic time in milliseconds. */
  readonly now?: () => number;
}

/**
 * Copies the rows that can be read into another database.
 *
 * @throws {Error} if the target cannot be written. Damage of the source only costs rows.
 */
export function salvage(options: SalvageOptions): SavedRows {
  const { path, source, target, now = () => performance.now() } = options;
  const deadline = now() + SALVAGE_MS_MAX;
  const hasTime = () => now() < deadline;
  const writers = tablesOf(target).map((shape) => new RowWriter(target, shape));
  const incomplete = writers.filter(({ shape, take }) =>
    source === undefined || !walkTable({ source, shape, take, hasTime })
  );
  for (const { shape, take } of incomplete) {
    using reader = new LeafReader(target, shape, leafPath(path));
    for (const { hasRowids, bytes } of leafPages(path)) {
      if (!hasTime()) break;
      if (hasRowids !== shape.hasRowids) continue;
      for (const row of reader.read(bytes)) take(row);
    }
  }
  return Object.fromEntries(
    writers.filter(({ rows }) => rows > 0).map(({ shape, rows }) => [shape.name, rows]),
  );
}

/** Writes the rows of one table. */
class RowWriter {
  readonly shape: TableShape;
  /** Number of rows that were written. */
  rows = 0;
  /** Writes a row unless one with the same key exists. */
  readonly take: (row: StoredRow) => void;

  constructor(target: DatabaseSync, shape: TableShape) {
    this.shape = shape;
    const names = shape.columns.map(({ name }) => name);
    const insert = target.prepare(
      `INSERT OR IGNORE INTO "${shape.name}" (${names.map((name) => `"${name}"`).join(", ")})
       VALUES (${names.map(() => "?").join(", ")})`,
    );
    this.take = (row) => {
      this.rows += Number(insert.run(...names.map((name) => row[name] ?? null)).changes);
    };
  }
}
