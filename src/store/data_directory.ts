/**
 * The directory that holds all data of Pulsebox.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";
import { checkPlace, makeIfMissing, openFresh, UnsafePlaceError } from "./safe_place.ts";
import { StoreError, storeErrorOf } from "./store_error.ts";

/** The database within the data directory. */
export const DATABASE_FILE = "pulsebox.db";

/** The path of a directory's database; without a directory, the database is in memory. */
export function databasePath(directory: string | undefined): string {
  return directory === undefined ? ":memory:" : `${directory}/${DATABASE_FILE}`;
}
/** How many damaged databases are kept for inspection; the last of these names is reused. */
export const SET_ASIDE_MAX = 5;

/** Files that belong to one database, by what SQLite appends to its name. */
const DATABASE_SUFFIXES = ["", "-wal", "-shm", "-journal"] as const;

/**
 * Makes sure that a directory exists and can be written to. Creates the directory itself, but not
 * its parents, so that a mistyped path or an unmounted medium is noticed.
 *
 * @throws {StoreError} of kind `directory`, or `device` if it is full or fails.
 */
export function prepareDirectory(directory: string): void {
  try {
    checkPlace(directory);
    Deno.mkdirSync(directory, { mode: 0o750 });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw refusal(directory, "the directory above it does not exist", error);
    }
    if (!(error instanceof Deno.errors.AlreadyExists)) throw ofSystem(directory, error);
  }
  try {
    checkPlace(directory);
    if (!Deno.statSync(directory).isDirectory) throw refusal(directory, "it is not a directory");
    // SQLite reports a directory without write permission in several ways, and some of them late.
    const probe = `${directory}/.pulsebox-probe-${crypto.randomUUID()}`;
    openFresh(probe).close();
    Deno.removeSync(probe);
  } catch (error) {
    throw ofSystem(directory, error);
  }
}

/**
 * Why this user may not write to a database, if so: SQLite reports the same I/O error for missing
 * permission and for a failing medium. Usually another user, such as root, created the file.
 */
export function writeRefusal(path: string): StoreError | undefined {
  for (const suffix of DATABASE_SUFFIXES) {
    try {
      Deno.openSync(path + suffix, { read: true, write: true }).close();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      const refused = ofSystem(path + suffix, error);
      return refused.kind === "directory" ? refused : undefined;
    }
  }
  return undefined;
}

/**
 * Makes sure that the database's files exist and are ours, because SQLite follows links.
 *
 * @throws {StoreError} of kind `directory` if another user has put something else there.
 */
export function prepareDatabase(path: string): void {
  try {
    for (const suffix of DATABASE_SUFFIXES) checkPlace(path + suffix);
    makeIfMissing(path);
  } catch (error) {
    throw ofSystem(path, error);
  }
}

/**
 * Refuses a database whose path leads elsewhere than before.
 *
 * @param opened The file that SQLite has opened.
 * @throws {StoreError} of kind `directory`.
 */
export function checkOpened(path: string, opened: string): void {
  try {
    checkPlace(path);
    if (Deno.realPathSync(path) === opened) return;
  } catch (error) {
    throw ofSystem(path, error);
  }
  throw refusal(path, "another file has replaced it meanwhile");
}

/** Where to keep a damaged database, so that it can be examined with SQLite's own tools. */
export function placeAside(path: string): string {
  for (let number = 1; number <= SET_ASIDE_MAX; number++) {
    const free = `${path}.damaged-${number}`;
    if (sizeOf(free) === undefined) return free;
  }
  return `${path}.damaged-${SET_ASIDE_MAX}`;
}

/**
 * Moves a database with its write-ahead log, replacing any database at the target.
 *
 * @throws {StoreError} if it cannot be moved.
 */
export function moveDatabase(from: string, to: string): void {
  try {
    for (const suffix of DATABASE_SUFFIXES) {
      // An old log must not be taken for the log of the database that now gets its name.
      removeIfPresent(to + suffix);
      if (sizeOf(from + suffix) !== undefined) Deno.renameSync(from + suffix, to + suffix);
    }
  } catch (error) {
    throw storeErrorOf(error, from);
  }
}

/** Waits until a database and its name are on the disk. */
export function syncDatabase(path: string): void {
  for (const part of [path, path.slice(0, path.lastIndexOf("/")) || "/"]) {
    using file = Deno.openSync(part);
    file.syncSync();
  }
}

/** Removes a database and all its files. */
export function removeDatabase(path: string): void {
  try {
    for (const suffix of DATABASE_SUFFIXES) removeIfPresent(path + suffix);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** Length of a file in bytes, `undefined` if it does not exist. */
export function sizeOf(path: string): number | undefined {
  try {
    return Deno.lstatSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw storeErrorOf(error, path);
  }
}

function removeIfPresent(path: string): void {
  if (sizeOf(path) !== undefined) Deno.removeSync(path);
}

function refusal(path: string, reason: string, cause?: unknown): StoreError {
  return new StoreError("directory", `Cannot use "${path}" for data: ${reason}`, { cause });
}

function ofSystem(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof UnsafePlaceError) return refusal(path, error.message, error);
  if (error instanceof Deno.errors.PermissionDenied) {
    return refusal(path, "this user must not write to it", error);
  }
  if (error instanceof Deno.errors.NotCapable) {
    return refusal(path, "Deno runs without --allow-read and --allow-write for it", error);
  }
  // For some errors, the runtime gives only the number.
  const raw = error instanceof Error ? error.message : "";
  const detail = messageOf(error);
  // The runtime has no error class for EROFS and ENOTDIR.
  if (raw.includes("os error 30")) {
    return refusal(path, "its file system is read-only", error);
  }
  if (raw.includes("os error 20") || error instanceof Deno.errors.NotADirectory) {
    return refusal(path, "it is not a directory", error);
  }
  return new StoreError("device", `Cannot use "${path}" for data: ${detail}`, {
    cause: error,
  });
}
