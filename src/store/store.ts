/**
 * What Pulsebox remembers across a restart.
 *
 * @module
 */

import { CommitTimer } from "./commit_timer.ts";
import { DamageWarning } from "./damage_warning.ts";
import { databasePath } from "./data_directory.ts";
import { Database } from "./database.ts";
import { GroupCommit } from "./group_commit.ts";
import { History } from "./history.ts";
import { Meta } from "./meta.ts";
import { NOTHING_RESTORED, restore, type Restored, warnOfUnrestored } from "./restore.ts";
import type { StoreOptions } from "./store_options.ts";
import { StorageTrouble } from "./storage_trouble.ts";
import { Uptime } from "./uptime.ts";
import { needsOperator, storeErrorOf } from "./store_error.ts";

/**
 * Keeps members, pauses, counters and the history in a database, with one small commit a second and
 * only if something has changed.
 *
 * A failing disk may cost what is remembered across a restart, but never a heartbeat: the store
 * reports it once, goes on in memory, and writes everything when the disk works again.
 */
export class Store implements Disposable {
  /** Small values that outlive a run. */
  readonly meta: Meta = new Meta();
  /** The history of events. */
  readonly history: History;
  /** What an operator must confirm. */
  readonly damage: DamageWarning;
  /** The uptime of each member. */
  readonly uptime: Uptime;
  readonly #options: StoreOptions;
  readonly #commits: GroupCommit;
  #database: Database | undefined;
  readonly #trouble: StorageTrouble;
  /** Whether members are stored, and whether those of the earlier run have been restored. */
  #keeping = false;
  #loaded = false;
  #commitCount = 0;
  readonly #timer: CommitTimer;
  #closed = false;

  private constructor(options: StoreOptions) {
    this.#options = options;
    const onFailure = (error: unknown) => this.#failReading(error);
    this.history = new History({ ...options, onFailure });
    this.damage = new DamageWarning(this.meta, options.log);
    this.#trouble = new StorageTrouble(options, this.damage);
    const { history, meta } = this;
    this.uptime = new Uptime({ ...options, meta, onFailure });
    this.#commits = new GroupCommit({ ...options, history, meta, uptime: this.uptime });
    this.#timer = new CommitTimer({
      clock: options.clock,
      onDue: () => this.commitDue(),
    });
  }

  /**
   * Opens the store of a directory. A damaged database is set aside; if the disk fails, the
   * database is tried again later.
   *
   * @throws {StoreError} if the directory cannot be used and only the operator can change that.
   */
  static open(options: StoreOptions): Store {
    const store = new Store(options);
    try {
      store.#attach(store.#openDatabase(options.lockWaitMs));
    } catch (error) {
      const reason = storeErrorOf(error, store.#path);
      if (needsOperator(reason)) throw reason;
      store.#trouble.fail(reason);
    }
    return store;
  }

  /**
   * Restores the members of an earlier run, and begins to store those of this one. Call it once,
   * when the rosters of all roles are open and before any role listens.
   */
  load(): Restored {
    let result = NOTHING_RESTORED;
    this.#keeping = true;
    if (!this.#trouble.isStanding) {
      try {
        result = this.#restore();
      } catch (error) {
        result = this.#loadAnew(error) ?? result;
      }
    }
    this.history.open();
    this.uptime.open();
    this.#options.outbox?.open();
    this.#trouble.tell();
    return result;
  }

  /** Starts the group commits. */
  start(): void {
    this.#timer.start();
  }

  /**
   * Does the work that is due: one group commit, or another attempt to use a failed disk. The
   * store's own timer calls it.
   *
   * @return True if more is waiting.
   */
  commitDue(): boolean {
    if (this.#trouble.isStanding) {
      this.#commits.discard();
      if (this.#trouble.isDue()) this.#retry();
      return false;
    }
    this.#commits.collect();
    return this.#commits.waiting && this.#commit();
  }

  /** Writes everything that is waiting, at once. No effect while the disk fails. */
  flush(): void {
    this.#commits.collect();
    while (!this.#trouble.isStanding && this.#commits.waiting) this.#commit();
  }

  /** Whether all data is on disk, and one sentence about it. */
  health(): { ok: boolean; message: string } {
    const { directory } = this.#options;
    const trouble = this.#trouble.describe();
    if (trouble !== undefined) return { ok: false, message: trouble };
    const message = directory === undefined
      ? "Members are kept in memory only, a restart forgets them"
      : `Members are kept in "${directory}"`;
    return { ok: true, message };
  }

  /** What an operator should repair or confirm, one sentence for each. */
  warnings(): string[] {
    const { ok, message } = this.health();
    return [...ok ? [] : [message], ...this.damage.sentences()];
  }

  /** Counters and gauges by name. */
  metrics(): Readonly<Record<string, number>> {
    return {
      pulsebox_store_commits_total: this.#commitCount,
      pulsebox_store_failures_total: this.#trouble.failures,
      pulsebox_store_up: this.#trouble.isStanding ? 0 : 1,
      pulsebox_history_dropped_total: this.history.dropped,
      pulsebox_uptime_dropped_total: this.uptime.dropped,
    };
  }

  /**
   * Writes what is waiting, with one last attempt if the disk has failed, and closes the store.
   * Idempotent.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer.close();
    this.history.close();
    this.uptime.close();
    if (this.#keeping && this.#trouble.isStanding) this.#retry();
    this.#options.outbox?.noteAges();
    if (this.#keeping) this.flush();
    this.#options.outbox?.close();
    this.#detach();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #path(): string {
    return databasePath(this.#options.directory);
  }

  #openDatabase(lockWaitMs?: number): Database {
    const { directory, openDatabase = Database.open } = this.#options;
    return openDatabase({
      directory,
      lockWaitMs,
      damage: this.#trouble.damaged,
      onRescue: (rescue) => this.#trouble.noteRescue(rescue),
    });
  }

  #attach(database: Database): void {
    this.#database = database;
    this.history.attach(database);
    this.uptime.attach(database);
  }

  #detach(): void {
    this.history.attach(undefined);
    this.uptime.attach(undefined);
    this.#database?.close();
    this.#database = undefined;
  }

  #restore(): Restored {
    const { now, members, tags, directory, log } = this.#options;
    const database = this.#database;
    if (database === undefined) return NOTHING_RESTORED;
    const wallMs = this.#commits.wallOfEarlierRun(database);
    // Changes of this run from before the restore are still waiting to be written.
    this.#commits.collect();
    const { meta, uptime } = this;
    uptime.load(database);
    const result = restore({ database, members, tags, meta, now: now(), wallMs });
    uptime.adopt(wallMs);
    this.#options.outbox?.load(database, wallMs);
    // The restored members are already on disk, except those that had to make room.
    this.#commits.adoptRestored();
    this.#loaded = true;
    if (directory !== undefined) log.info("Restored {restored} members", { ...result, directory });
    warnOfUnrestored(result, log);
    return result;
  }

  /** A database that opens but cannot be read is either damaged, or on a failing disk. */
  #loadAnew(cause: unknown): Restored | undefined {
    const reason = storeErrorOf(cause, this.#path);
    this.#detach();
    try {
      if (reason.kind !== "damaged") throw reason;
      this.#trouble.noteDamage(reason);
      this.#attach(this.#openDatabase());
      return this.#restore();
    } catch (error) {
      this.#trouble.fail(storeErrorOf(error, this.#path));
      return undefined;
    }
  }

  /** The next attempt reads, or loses, what cannot be read now; until then, memory must do. */
  #failReading(error: unknown): void {
    if (this.#trouble.isStanding) return;
    this.#trouble.fail(storeErrorOf(error, this.#path));
    this.#trouble.tell();
  }

  #commit(): boolean {
    const database = this.#database;
    if (database === undefined) return false;
    try {
      const more = this.#commits.write(database);
      this.#commitCount++;
      return more;
    } catch (error) {
      this.#commits.discard();
      this.#trouble.fail(storeErrorOf(error, this.#path));
      this.#trouble.tell();
      return false;
    }
  }

  #retry(): void {
    this.#detach();
    try {
      // Roles are running: the event loop must not wait for another process to release the lock.
      this.#attach(this.#openDatabase(0));
      if (!this.#loaded) this.#restore();
      if (this.#database !== undefined) this.#commits.writeAll(this.#database);
      this.#commitCount++;
      this.#trouble.end();
    } catch (error) {
      this.#trouble.fail(storeErrorOf(error, this.#path));
    }
  }
}
