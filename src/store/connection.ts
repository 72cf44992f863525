/**
 * What is done with a bare connection of SQLite, whether its database is at work or being rescued.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "./store_error.ts";

/** The format of a database: how many steps of the schema it has seen. */
export function versionOf(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** Refuses the format of a later version of Pulsebox. */
export function refuseNewer(sqlite: DatabaseSync, path: string, versionMax: number): void {
  const version = versionOf(sqlite);
  if (version <= versionMax) return;
  throw new StoreError(
    "newer",
    `Cannot use "${path}": it has format ${version}, this version of Pulsebox knows formats up to ` +
      `${versionMax}, install the newer version again or choose another --data directory`,
  );
}

/** Takes the steps of the schema that a database has not seen, each in a commit of its own. */
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
    // Whatever a failing device says now, nothing more can be done with this connection.
  }
}
