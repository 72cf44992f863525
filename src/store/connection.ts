/**
 * Operations on a bare SQLite connection, for a database in use and for one being rescued.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { checkOpened, prepareDatabase } from "./data_directory.ts";
import { StoreError } from "./store_error.ts";

/** What is opened in memory. */
const IN_MEMORY = ":memory:";

/**
 * Opens a database to write to it, and makes it if it is not there. No link of another user leads this
 * elsewhere: the log is safe because SQLite follows no link to it.
 *
 * @param lockWaitMs How long to wait for another process's lock.
 * @throws {StoreError} of kind `directory` if another user has put something else there.
 */
export function openToWrite(path: string, lockWaitMs = 0): DatabaseSync {
  if (path === IN_MEMORY) return new DatabaseSync(path);
  prepareDatabase(path);
  const sqlite = new DatabaseSync(path, { timeout: lockWaitMs });
  try {
    // It was looked at before it was opened, and may have been exchanged in between. Nothing is written yet.
    checkOpened(path, String(sqlite.prepare("PRAGMA database_list").get()?.["file"]));
    return sqlite;
  } catch (error) {
    closeQuietly(sqlite);
    throw error;
  }
}

/** Opens a database to read it. */
export function openToRead(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true });
}

/** The format of a database: how many steps of the schema it has seen. */
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

/** Applies the steps of the schema that a database has not seen, each in its own commit. */
export function migrate(sqlite: DatabaseSync, migrations: readonly string[]): void {
  for (let step = versionOf(sqlite); step < migrations.length; step++) {
    sqlite.exec(`BEGIN IMMEDIATE; ${migrations[step]}; PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}

/** Ends a connection, whatever its file is like. */
export function closeQuietly(sqlite: DatabaseSync | undefined): void {
  try {
    sqlite?.close();
  } catch {
    // Ignore what a failing device says now: nothing more can be done with this connection.
  }
}
