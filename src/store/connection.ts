/**
 * Operations on a bare SQLite connection, for a database in use and for one being rescued.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { checkOpened, prepareDatabase } from "./data_directory.ts";
import { StoreError } from "./store_error.ts";

/** The path that SQLite opens in memory. */
const IN_MEMORY = ":memory:";

/**
 * Opens a database for writing, and creates it if it does not exist. It never follows another
 * user's link; nor does SQLite when it opens the log.
 *
 * @param lockWaitMs How long to wait for another process's lock.
 * @throws {StoreError} of kind `directory` if another user has put something else there.
 */
export function openToWrite(path: string, lockWaitMs = 0): DatabaseSync {
  if (path === IN_MEMORY) return new DatabaseSync(path);
  prepareDatabase(path);
  const sqlite = new DatabaseSync(path, { timeout: lockWaitMs });
  try {
    // The path was checked before the open and may have been exchanged since. Nothing is written
    // yet.
    checkOpened(path, String(sqlite.prepare("PRAGMA database_list").get()?.["file"]));
    return sqlite;
  } catch (error) {
    closeQuietly(sqlite);
    throw error;
  }
}

/** Opens a database for reading. */
export function openToRead(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true });
}

/** The format of a database: how many steps of the schema it has run. */
export function versionOf(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** Refuses a database that a later version of Pulsebox wrote. */
export function refuseNewer(sqlite: DatabaseSync, path: string, versionMax: number): void {
  const version = versionOf(sqlite);
  if (version <= versionMax) return;
  throw new StoreError(
    "newer",
    `Cannot use "${path}": it has format ${version}, this version of Pulsebox knows formats up to ` +
      `${versionMax}, install the newer version again or choose another --data directory`,
  );
}

/** Applies the steps of the schema that a database has not run, each in its own commit. */
export function migrate(sqlite: DatabaseSync, migrations: readonly string[]): void {
  for (let step = versionOf(sqlite); step < migrations.length; step++) {
    sqlite.exec(`BEGIN IMMEDIATE; ${migrations[step]}; PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}

/** Closes a connection, whatever the state of its file. */
export function closeQuietly(sqlite: DatabaseSync | undefined): void {
  try {
    sqlite?.close();
  } catch {
    // Ignore the errors of a failing device: nothing more can be done with this connection.
  }
}
