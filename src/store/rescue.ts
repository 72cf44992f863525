/**
 * Rescues a damaged database: readable rows go into a new database, and the damaged file is kept
 * for inspection.
 *
 * The new database is made beside the damaged one and takes its name when it is complete. A power
 * cut at any moment leaves either the damaged database in its place, or the new one.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { closeQuietly, migrate, openToRead, openToWrite, versionOf } from "./connection.ts";
import { type Damage, DAMAGE_KEY, noteOfDamage } from "./damage_note.ts";
import {
  moveDatabase,
  placeAside,
  removeDatabase,
  sizeOf,
  syncDatabase,
} from "./data_directory.ts";
import { leafPath, salvage, type SavedRows } from "./salvage.ts";
import { storeErrorOf } from "./store_error.ts";
import { toColumn } from "./text.ts";

/** What was done about a damaged database. */
export interface Rescue extends Damage {
  /** What was wrong with it, in one sentence. */
  readonly reason: string;
}

/**
 * Replaces a damaged database, which must not be open anywhere, with a new one of its readable
 * rows.
 *
 * @param path Where the database is.
 * @param reason What is wrong with it, in one sentence.
 * @param migrations The steps of the schema.
 * @throws {StoreError} if the new one cannot be written; the damaged one then keeps its place.
 */
export function rescueDatabase(
  path: string,
  reason: string,
  migrations: readonly string[],
): Rescue {
  const fresh = freshPath(path);
  const place = placeAside(path);
  try {
    const saved = makeFresh({ path, fresh, place, migrations });
    // The new database must be on the disk before it takes the damaged one's name.
    syncDatabase(fresh);
    moveDatabase(path, place);
    moveDatabase(fresh, path);
    syncDatabase(path);
    return { place, reason, saved };
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** Completes a rescue that a kill interrupted between its last two steps. */
export function finishRescue(path: string): void {
  const fresh = freshPath(path);
  if (sizeOf(fresh) === undefined) return;
  removeDatabase(leafPath(path));
  if (sizeOf(path) !== undefined) return removeDatabase(fresh);
  // A leftover write-ahead log belongs to the damaged database.
  removeDatabase(path);
  moveDatabase(fresh, path);
}

function freshPath(path: string): string {
  return `${path}.new`;
}

interface FreshOptions {
  readonly path: string;
  readonly fresh: string;
  readonly place: string;
  readonly migrations: readonly string[];
}

function makeFresh(options: FreshOptions): SavedRows {
  try {
    return fill(options, options.path);
  } catch (error) {
    // If a later step of the schema cannot handle the rows, go on without them.
    if (storeErrorOf(error, options.fresh).kind !== "damaged") throw error;
    return fill(options, undefined);
  }
}

/**
 * Makes the new database, first in the damaged one's schema version: later steps may move rows.
 */
function fill({ fresh, place, migrations }: FreshOptions, damaged: string | undefined): SavedRows {
  removeDatabase(fresh);
  const target = openToWrite(fresh);
  const source = damaged === undefined ? undefined : openDamaged(damaged);
  try {
    const version = source?.version ?? 0;
    const known = version >= 1 && version <= migrations.length ? version : migrations.length;
    target.exec("PRAGMA synchronous = OFF");
    migrate(target, migrations.slice(0, known));
    target.exec("BEGIN IMMEDIATE");
    const saved = damaged === undefined
      ? {}
      : salvage({ path: damaged, source: source?.sqlite, target });
    target.exec("COMMIT");
    migrate(target, migrations);
    target.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
      .run(DAMAGE_KEY, toColumn(noteOfDamage({ place, saved })));
    return saved;
  } finally {
    closeQuietly(source?.sqlite);
    closeQuietly(target);
  }
}

/** `undefined` if it is not a database any more. */
function openDamaged(path: string): { sqlite: DatabaseSync; version: number } | undefined {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = openToRead(path);
    return { sqlite, version: versionOf(sqlite) };
  } catch {
    // Whatever the file is now, nothing in it can be read.
    closeQuietly(sqlite);
    return undefined;
  }
}
