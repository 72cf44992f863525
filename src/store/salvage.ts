/**
 * Reading what can be read of a damaged database, row by row.
 *
 * Tables are read in order up to the damage. Of those that could not be read as a whole, each page of
 * rows is read by itself.
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
 * How long it may take, in milliseconds: a failing medium may need seconds for one page, and a service
 * manager waits 20 seconds for a sign of life. A hundred thousand members take a few seconds.
 */
export const SALVAGE_MS_MAX: number = 15 * SECOND_MS;

/** The file that is needed beside a damaged database to read its pages. */
export function leafPath(path: string): string {
  return `${path}.leaf`;
}

/** Rows that were saved, by table; without those of which none was. */
export type SavedRows = Readonly<Record<string, number>>;

/** What is read, and where it goes. */
export interface SalvageOptions {
  /** Where the damaged database is. */
  readonly path: string;
  /** The damaged database; `undefined` if it cannot even be opened. */
  readonly source: DatabaseSync | undefined;
  /** A database that has the tables that the damaged one had. */
  readonly target: DatabaseSync;
  /** Monotonic time in milliseconds. */
  readonly now?: () => number;
}

/**
 * Copies the rows that can be read into another database.
 *
 * @throws {Error} if the target cannot be written. What is wrong with the source costs rows only.
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
  /** Rows that were written. */
  rows = 0;
  /** Writes a row, unless there is one with its key. */
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
