/**
 * Reading what can be read of a damaged database, row by row.
 *
 * A table is a tree of pages in the order of its keys. Where one of them is damaged, a read that comes
 * to it throws, whatever it had read before, and one that begins behind it does not. So rows are read
 * from both ends, in batches that shrink towards the damage; then keys between are tried, from which on
 * reading works again, and the rows around them are read in both directions.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { SECOND_MS } from "../core/clock.ts";
import { type Key, keysAfter, leastKey } from "./key_steps.ts";
import { type Column, type TableShape, tablesOf } from "./table_shape.ts";

/** Reads of one damaged table, so that no damage, however made, keeps a start from ending. */
export const SALVAGE_READS_MAX = 50_000;
/** Rows of one read. */
export const SALVAGE_ROWS_PER_READ_MAX = 256;
/** How long all reads together may take, in milliseconds: a failing medium may need seconds for one. */
export const SALVAGE_MS_MAX: number = 5 * SECOND_MS;

/** Rows that were saved, by table; without those of which none was. */
export type SavedRows = Readonly<Record<string, number>>;

type Value = string | number | Uint8Array | null;
type Row = Readonly<Record<string, Value>>;
type Direction = "up" | "down";
/** Why a walk ended: at the table's end, at the given key, at what cannot be read, out of reads. */
type WalkEnd = "end" | "met" | "damage" | "spent";

/**
 * Copies the rows that can be read into a database that has the same tables.
 *
 * @param now Monotonic time in milliseconds.
 * @throws {Error} if the target cannot be written. What is wrong with the source costs rows only.
 */
export function salvage(
  source: DatabaseSync,
  target: DatabaseSync,
  now: () => number = () => performance.now(),
): SavedRows {
  const saved: Record<string, number> = {};
  const deadline = now() + SALVAGE_MS_MAX;
  for (const shape of tablesOf(target)) {
    const columns = shape.columns.map(({ name }) => `"${name}"`);
    const insert = target.prepare(
      `INSERT OR IGNORE INTO "${shape.name}" (${columns.join(", ")})
       VALUES (${columns.map(() => "?").join(", ")})`,
    );
    let rows = 0;
    const take = (row: Row) => {
      rows += Number(insert.run(...shape.columns.map(({ name }) => row[name] ?? null)).changes);
    };
    const statements = prepareReads(source, shape);
    if (statements === undefined) continue;
    new DamagedTable({ shape, statements, take, hasTime: () => now() < deadline }).read();
    if (rows > 0) saved[shape.name] = rows;
  }
  return saved;
}

type Reads = Readonly<Record<Direction, Record<"first" | "next", StatementSync>>>;

interface DamagedTableOptions {
  readonly shape: TableShape;
  readonly statements: Reads;
  readonly take: (row: Row) => void;
  readonly hasTime: () => boolean;
}

/** Reads one table. */
class DamagedTable {
  readonly #shape: TableShape;
  readonly #statements: Reads;
  readonly #take: (row: Row) => void;
  readonly #hasTime: () => boolean;
  #reads = 0;

  constructor({ shape, statements, take, hasTime }: DamagedTableOptions) {
    this.#shape = shape;
    this.#statements = statements;
    this.#take = take;
    this.#hasTime = hasTime;
  }

  /** Takes the rows that can be read: from both ends, then what lies between damaged places. */
  read(): void {
    let below = this.#walk("up", undefined, undefined);
    if (below.end !== "damage") return;
    const above = this.#walk("down", undefined, below.at);
    while (below.end === "damage" && above.end === "damage") {
      const island = this.#findBetween(below.at, above.at);
      if (island === undefined) return;
      this.#walk("down", island, below.at);
      below = this.#walk("up", island, above.at);
    }
  }

  /** Takes rows from one key on, without it, until another one is met. */
  #walk(
    direction: Direction,
    from: Key | undefined,
    until: Key | undefined,
  ): { at: Key | undefined; end: WalkEnd } {
    let at = from;
    let limit = SALVAGE_ROWS_PER_READ_MAX;
    while (true) {
      const rows = this.#readRows(direction, at, limit);
      if (rows === "spent") return { at, end: "spent" };
      if (rows === undefined) {
        if (limit === 1) return { at, end: "damage" };
        limit = Math.ceil(limit / 4);
        continue;
      }
      for (const row of rows) {
        const key = this.#keyOf(row);
        // A tree whose keys are out of order leads round in circles.
        if (key === undefined || (at !== undefined && !isBeyond(direction, key, at))) {
          return { at, end: "damage" };
        }
        if (until !== undefined && !isBeyond(direction, until, key)) return { at, end: "met" };
        at = key;
        this.#offer(row);
      }
      if (rows.length < limit) return { at, end: "end" };
      limit = Math.min(SALVAGE_ROWS_PER_READ_MAX, 4 * limit);
    }
  }

  /** Takes one row between what cannot be read, and gives its key. */
  #findBetween(below: Key | undefined, above: Key | undefined): Key | undefined {
    const from = below ?? leastKey(this.#shape.key.map(({ type }) => type));
    for (const later of keysAfter(from)) {
      if (above !== undefined && !isBeyond("down", later, above)) return undefined;
      const rows = this.#readRows("up", later, 1);
      if (rows === "spent") return undefined;
      const [row] = rows ?? [];
      const found = row && this.#keyOf(row);
      if (row === undefined || found === undefined || !isBeyond("up", found, later)) continue;
      if (above !== undefined && !isBeyond("down", found, above)) return undefined;
      this.#offer(row);
      return found;
    }
    return undefined;
  }

  /** Some rows; `undefined` if they cannot be read. */
  #readRows(
    direction: Direction,
    from: Key | undefined,
    limit: number,
  ): readonly Row[] | "spent" | undefined {
    if (this.#reads++ >= SALVAGE_READS_MAX || !this.#hasTime()) return "spent";
    const { first, next } = this.#statements[direction];
    try {
      return (from === undefined ? first.all(limit) : next.all(...from, limit)) as unknown as Row[];
    } catch {
      // A damaged page, or a number that nobody has written: SQLite says no more than that.
      return undefined;
    }
  }

  #keyOf(row: Row): Key | undefined {
    const key: (string | number)[] = [];
    for (const { name } of this.#shape.key) {
      const value = row[name];
      if (typeof value !== "string" && typeof value !== "number") return undefined;
      key.push(value);
    }
    return key;
  }

  #offer(row: Row): void {
    let textBytes = 0;
    for (const column of this.#shape.columns) {
      const value = row[column.name] ?? null;
      if (!fits(value, column)) return;
      if (typeof value === "string") textBytes += new TextEncoder().encode(value).length;
    }
    // A text with a NUL or half a character in it is not read as it lies there.
    if (textBytes === row[TEXT_BYTES]) this.#take(row);
  }
}

/** Name under which a row says how many bytes its texts have on disk. */
const TEXT_BYTES = "salvage_text_bytes";

/** `undefined` if the source has no table of this name and these columns. */
function prepareReads(source: DatabaseSync, shape: TableShape): Reads | undefined {
  const { name, columns, key, hasRowids } = shape;
  const texts = columns.filter(({ type }) => type === "TEXT")
    .map((column) => `coalesce(octet_length("${column.name}"), 0)`);
  const selected = [
    ...columns.map((column) => `"${column.name}" AS "${column.name}"`),
    `${["0", ...texts].join(" + ")} AS ${TEXT_BYTES}`,
  ];
  const select = `SELECT ${selected.join(", ")} FROM "${name}"${hasRowids ? " NOT INDEXED" : ""}`;
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
    // What SQLite cannot even prepare is not there to be read.
    return undefined;
  }
}

/** Whether a strict table may hold a value; `NOT NULL` is looked at when it is written. */
function fits(value: Value, { type }: Column): boolean {
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

/** Whether a key comes after another one in a direction, as SQLite orders them. */
function isBeyond(direction: Direction, key: Key, other: Key): boolean {
  const order = compare(key, other);
  return direction === "up" ? order > 0 : order < 0;
}

function compare(key: Key, other: Key): number {
  for (const [place, value] of key.entries()) {
    const order = compareValues(value, other[place] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(value: string | number, other: string | number): number {
  if (typeof value === "number" && typeof other === "number") return value - other;
  if (typeof value !== typeof other) return typeof value === "number" ? -1 : 1;
  const [left, right] = [String(value), String(other)].map((text) =>
    new TextEncoder().encode(text)
  );
  const length = Math.min(left?.length ?? 0, right?.length ?? 0);
  for (let index = 0; index < length; index++) {
    const order = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (order !== 0) return order;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
