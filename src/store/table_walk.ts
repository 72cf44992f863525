/**
 * Reads a table in the order of its keys, up to where it is damaged.
 *
 * A table is a tree of pages. A read that reaches a damaged page throws, and loses the rows before
 * it. So rows are read from both ends, in batches that shrink towards the damage.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isAsWritten, selectRows, type StoredRow } from "./stored_row.ts";
import type { TableShape } from "./table_shape.ts";

/** Rows per read. */
export const SALVAGE_ROWS_PER_READ_MAX = 256;

/** A row's place in the order of its table. */
type Key = readonly (string | number)[];
type Direction = "up" | "down";
type Reads = Readonly<Record<Direction, Record<"first" | "next", StatementSync>>>;

/** What a walk needs. */
export interface TableWalkOptions {
  readonly source: DatabaseSync;
  readonly shape: TableShape;
  /** Called with each row; a row may come twice. */
  readonly take: (row: StoredRow) => void;
  /** Whether there is time for another read. */
  readonly hasTime: () => boolean;
}

/**
 * Reads the rows before and after the damage.
 *
 * @return True if the whole table was read.
 */
export function walkTable(options: TableWalkOptions): boolean {
  const { source, shape } = options;
  const reads = prepareReads(source, shape);
  if (reads === undefined) return false;
  if (walk("up", reads, options)) return true;
  walk("down", reads, options);
  return false;
}

/** `undefined` if the source has no table of this name and these columns. */
function prepareReads(source: DatabaseSync, shape: TableShape): Reads | undefined {
  const { key } = shape;
  const select = selectRows(shape);
  const keys = key.map((column) => `"${column.name}"`).join(", ");
  const marks = key.map(() => "?").join(", ");
  const reads = (comparison: "<" | ">", order: "ASC" | "DESC") => {
    const ordered = `ORDER BY ${key.map((column) => `"${column.name}" ${order}`)} LIMIT ?`;
    return {
      first: source.prepare(`${select} ${ordered}`),
      next: source.prepare(`${select} WHERE (${keys}) ${comparison} (${marks}) ${ordered}`),
    };
  };
  try {
    return { up: reads(">", "ASC"), down: reads("<", "DESC") };
  } catch {
    // If SQLite cannot even prepare the statement, there is nothing to read.
    return undefined;
  }
}

/** Reads rows from one end on. True if all could be read. */
function walk(
  direction: Direction,
  reads: Reads,
  { shape, take, hasTime }: TableWalkOptions,
): boolean {
  let at: Key | undefined;
  let limit = SALVAGE_ROWS_PER_READ_MAX;
  while (hasTime()) {
    const rows = readRows(reads[direction], at, limit);
    if (rows === undefined) {
      if (limit === 1) return false;
      limit = Math.ceil(limit / 4);
      continue;
    }
    for (const row of rows) {
      const key = keyOf(row, shape);
      // In a tree whose keys are out of order, a walk would never end.
      if (key === undefined || (at !== undefined && !isBeyond(direction, key, at))) return false;
      at = key;
      if (isAsWritten(row, shape)) take(row);
    }
    if (rows.length < limit) return true;
    limit = Math.min(SALVAGE_ROWS_PER_READ_MAX, 4 * limit);
  }
  return false;
}

/** Some rows; `undefined` if they cannot be read. */
function readRows(
  { first, next }: Reads[Direction],
  from: Key | undefined,
  limit: number,
): StoredRow[] | undefined {
  try {
    return (from === undefined ? first.all(limit) : next.all(...from, limit)) as StoredRow[];
  } catch {
    // A damaged page, or an impossible number.
    return undefined;
  }
}

function keyOf(row: StoredRow, shape: TableShape): Key | undefined {
  const key: (string | number)[] = [];
  for (const { name } of shape.key) {
    const value = row[name];
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    key.push(value);
  }
  return key;
}

/** Whether a key comes after another one in a direction, as SQLite orders them. */
function isBeyond(direction: Direction, key: Key, other: Key): boolean {
  for (const [place, value] of key.entries()) {
    const order = compare(value, other[place] ?? "");
    if (order !== 0) return direction === "up" ? order > 0 : order < 0;
  }
  return false;
}

function compare(value: string | number, other: string | number): number {
  if (typeof value === "number" && typeof other === "number") return value - other;
  // SQLite orders texts by their UTF-8, which is the order of code points, not of UTF-16 units.
  const [left, right] = [[...String(value)], [...String(other)]];
  for (const [place, character] of left.entries()) {
    const order = (character.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? -1);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
