/**
 * One SQLite database, opened the way a small device needs it.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { closeQuietly, migrate, openToWrite, refuseNewer } from "./connection.ts";
import { databasePath, prepareDirectory, sizeOf, writeRefusal } from "./data_directory.ts";
import { FileIdentity } from "./file_identity.ts";
import { finishRescue, type Rescue, rescueDatabase } from "./rescue.ts";
import { MIGRATIONS } from "./schema.ts";
import { StoreError, storeErrorOf } from "./store_error.ts";

/** How long an open waits for an instance that is about to end, in milliseconds. */
export const LOCK_WAIT_MS = 2_500;
/** The write-ahead log is copied into the database after this many pages of 4 KiB. */
export const WAL_PAGES_MAX = 1_000;
/** Length to which the write-ahead log is cut back after an exceptionally large commit. */
export const WAL_BYTES_KEPT = 4_194_304;
/**
 * The largest database, including its log, that is checked completely when it is opened, in bytes:
 * a Raspberry Pi reads that much from its card in a few seconds. In a larger database, damage is
 * found when a row is read or written.
 */
export const EXAMINED_BYTES_MAX = 67_108_864;

/**
 * What a commit survives. `kill`: the sudden end of the process; a power cut may take the last
 * commits, but never the database. `power-cut`: the commit waits until the medium has it.
 */
export type Survives = "kill" | "power-cut";

/** Options of {@linkcode Database.open}. */
export interface DatabaseOptions {
  /** Where the database lives; in memory if not given. */
  directory?: string | undefined;
  /** Called with the rows saved from a damaged database; the open then continues. */
  onRescue?: (rescue: Rescue) => void;
  /** The damage found since the database was last opened, in one sentence. */
  damage?: string | undefined;
  /** Steps of the schema; those of this version if not given. */
  migrations?: readonly string[];
  /**
   * How long to wait for another instance, in milliseconds; {@linkcode LOCK_WAIT_MS} if not given.
   */
  lockWaitMs?: number | undefined;
}

/**
 * A database for one process alone.
 *
 * The write-ahead log makes a commit one append, and needs no shared memory because the lock is
 * exclusive: whoever starts a second Pulsebox on the same directory gets an error, instead of both
 * losing members. The lock belongs to the process, so a killed process leaves nothing to clean up.
 */
export class Database implements Disposable {
  /** Its path, for messages. */
  readonly path: string;
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #files = new FileIdentity();
  #survives: Survives = "power-cut";
  #open = true;

  private constructor(path: string, sqlite: DatabaseSync) {
    this.path = path;
    this.#sqlite = sqlite;
    this.#noteFiles();
  }

  /**
   * Opens the database of a directory, creates it if there is none, and brings its schema up to
   * date.
   * A damaged database is set aside, and its readable rows are saved.
   *
   * @throws {StoreError} if the directory cannot be used, see its kinds.
   */
  static open(options: DatabaseOptions = {}): Database {
    const { directory, damage } = options;
    if (directory === undefined) return Database.#openFile(":memory:", options);
    prepareDirectory(directory);
    const path = databasePath(directory);
    finishRescue(path);
    try {
      if (damage !== undefined) throw new StoreError("damaged", damage);
      return Database.#openFile(path, options);
    } catch (error) {
      const reason = storeErrorOf(error, path);
      if (reason.kind === "device") throw writeRefusal(path) ?? reason;
      if (reason.kind !== "damaged") throw reason;
      const rescue = rescueDatabase(path, reason.message, options.migrations ?? MIGRATIONS);
      options.onRescue?.(rescue);
      return Database.#openFile(path, options);
    }
  }

  static #openFile(path: string, options: DatabaseOptions): Database {
    const migrations = options.migrations ?? MIGRATIONS;
    let sqlite: DatabaseSync | undefined;
    try {
      sqlite = openToWrite(path, options.lockWaitMs ?? LOCK_WAIT_MS);
      // Overwrite deleted data: a rescue that reads page by page must not bring it back.
      sqlite.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA wal_autocheckpoint = ${WAL_PAGES_MAX};
        PRAGMA journal_size_limit = ${WAL_BYTES_KEPT};
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
      `);
      // SQLite takes, or is refused, the exclusive lock with the first write transaction.
      sqlite.exec("BEGIN IMMEDIATE; COMMIT");
      refuseNewer(sqlite, path, migrations.length);
      examine(sqlite, path);
      migrate(sqlite, migrations);
      return new Database(path, sqlite);
    } catch (error) {
      closeQuietly(sqlite);
      throw storeErrorOf(error, path);
    }
  }

  /** A prepared statement; each text is prepared once. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs changes as one commit, or none of them if the body throws.
   *
   * SQLite keeps its level of durability per connection and refuses to change it inside a
   * transaction, so it is switched before a transaction, and only when it differs. Two connections,
   * one for each level, would cost the exclusive lock.
   *
   * @throws {StoreError} if the database cannot be written, or if another file has its name now.
   */
  transaction(survives: Survives, body: () => void): void {
    this.#refuseLostFiles();
    try {
      if (survives !== this.#survives) {
        this.#sqlite.exec(`PRAGMA synchronous = ${survives === "kill" ? "NORMAL" : "FULL"}`);
        this.#survives = survives;
      }
      this.#sqlite.exec("BEGIN IMMEDIATE");
      body();
      this.#sqlite.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      throw storeErrorOf(error, this.path);
    }
    this.#noteFiles();
  }

  /** Closes the database and folds its log into it. Idempotent. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    closeQuietly(this.#sqlite);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The log exists from the first commit on. */
  #noteFiles(): void {
    if (this.path !== ":memory:") this.#files.note([this.path, `${this.path}-wal`]);
  }

  /** If somebody deletes or replaces an open file, our writes are lost. */
  #refuseLostFiles(): void {
    const changed = this.#files.changed();
    if (changed === undefined) return;
    const reason = changed.isGone ? "somebody has deleted it" : "another file has replaced it";
    throw new StoreError("device", `Cannot write to "${changed.path}": ${reason}`);
  }

  #rollBack(): void {
    try {
      if (this.#sqlite.isTransaction) this.#sqlite.exec("ROLLBACK");
    } catch {
      // A failing device may fail here too. Then the log has no commit mark, which is just as safe.
    }
  }
}

/** Refuses a database whose pages do not fit together. */
function examine(sqlite: DatabaseSync, path: string): void {
  if ((sizeOf(path) ?? 0) + (sizeOf(`${path}-wal`) ?? 0) > EXAMINED_BYTES_MAX) return;
  const verdict = Object.values(sqlite.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
  if (verdict !== "ok") {
    // The first line of the report only names the database.
    const finding = String(verdict).split("\n").at(-1);
    throw new StoreError("damaged", `Cannot read "${path}": ${finding}`);
  }
}
