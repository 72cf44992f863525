/**
 * Gathers changes into few commits of limited size.
 *
 * @module
 */

import { type Clock, MINUTE_MS, SECOND_MS } from "../core/clock.ts";
import type { Pause } from "../core/member.ts";
import { recordOf } from "../core/member_record.ts";
import type { MemberTags } from "../core/member_tags.ts";
import type { MemberChange, Members } from "../core/members.ts";
import { BootClock, type BootClockOptions } from "./boot_clock.ts";
import type { Database } from "./database.ts";
import type { History } from "./history.ts";
import { rowOfPause } from "./member_row.ts";
import { writeTags } from "./member_tag_table.ts";
import { MemberTable } from "./members.ts";
import type { Meta } from "./meta.ts";
import type { Outbox } from "./outbox.ts";
import type { Uptime } from "./uptime.ts";

/**
 * The most rows of a kind in one commit. Further rows go into the next commit, in a later turn, so
 * that a hundred thousand new members do not delay the others.
 */
export const ROWS_PER_COMMIT_MAX = 1_000;
/**
 * A change of the wall clock relative to listening time from which on timestamps count as wrong, in
 * milliseconds.
 */
export const WALL_STEP_MS: number = SECOND_MS;
/** How often pauses with an end are rewritten, in milliseconds. */
export const PAUSE_REFRESH_MS: number = 10 * MINUTE_MS;
/** Key under which the maintenance of the whole host is kept. */
export const HOST_PAUSE_KEY = "host-pause";

/** Options of {@linkcode GroupCommit}. */
export interface GroupCommitOptions {
  clock: Clock;
  /** Listening time in milliseconds. */
  now: () => number;
  members: Members;
  tags?: MemberTags | undefined;
  history: History;
  meta: Meta;
  uptime: Uptime;
  bootTime?: BootClockOptions["bootTime"];
  outbox?: Outbox | undefined;
}

/** What is waiting to be written, and how to write it. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #backlog: MemberChange[] = [];
  /** Index of the first change in the backlog that is not committed. */
  #cursor = 0;
  /** Unix time at which the backlog was taken. */
  #takenMs = 0;
  /** Whether anything that is waiting must survive a power cut. */
  #lasting = false;
  #hostPause: Pause | undefined;
  /** Whether a pause with an end may exist, and when all timestamps were last correct. */
  #pauses = false;
  #stampedAt: number;
  #stampedOffsetMs: number;
  readonly #bootClock: BootClock;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#bootClock = new BootClock(options);
    this.#stampedAt = options.now();
    this.#stampedOffsetMs = this.#offsetMs();
  }

  /** True if there is something to write. */
  get waiting(): boolean {
    const { history, meta, outbox, tags, uptime } = this.#options;
    return this.#cursor < this.#backlog.length || history.waiting > 0 || meta.changed ||
      tags?.changed === true || uptime.waiting || outbox?.waiting === true;
  }

  /** Collects the changes since the last call. Cheap when there are none. */
  collect(): void {
    const { clock, now, members, history, outbox, uptime } = this.#options;
    if (history.collect()) this.#lasting = true;
    uptime.collect();
    if (outbox?.collect() === true) this.#lasting = true;
    // Records are taken as they are now, so later ones must be written after earlier ones.
    if (this.#cursor === this.#backlog.length) {
      this.#takenMs = clock.wall();
      this.#cursor = 0;
      this.#backlog = members.takeChanges(now());
      this.#pauses ||= this.#backlog.some(({ record }) => hasEnd(record?.pause?.forMs));
      this.#restamp();
    }
    if (members.pause !== this.#hostPause) this.#keepHostPause();
  }

  /**
   * Writes one commit.
   *
   * @return True if more is waiting.
   * @throws {StoreError} if the database cannot be written; then nothing was written.
   */
  write(database: Database): boolean {
    const { members, history, meta, outbox, tags, uptime } = this.#options;
    const end = Math.min(this.#cursor + ROWS_PER_COMMIT_MAX, this.#backlog.length);
    database.transaction(this.#lasting ? "power-cut" : "kill", () => {
      const table = new MemberTable(database);
      for (const change of this.#backlog.slice(this.#cursor, end)) {
        table.write(change, this.#takenMs);
      }
      history.write(database, ROWS_PER_COMMIT_MAX);
      uptime.write(database, ROWS_PER_COMMIT_MAX);
      meta.write(database);
      if (tags !== undefined) writeTags(database, tags);
      // Write all notices with the first of the changes: no outage may be on disk without its
      // notice.
      outbox?.write(database);
    });
    this.#cursor = end;
    history.settle();
    uptime.settle();
    meta.settle();
    tags?.settle();
    outbox?.settle();
    if (this.waiting) return true;
    this.#backlog = [];
    this.#cursor = 0;
    if (members.changes === 0) this.#lasting = false;
    return false;
  }

  /**
   * Writes everything in one commit, for a database that has missed changes.
   *
   * @throws {StoreError} if the database cannot be written; then nothing was written.
   */
  writeAll(database: Database): void {
    const { clock, now, members, history, meta, outbox, tags, uptime } = this.#options;
    this.discard();
    // The database may hold the maintenance of an earlier run that an operator has ended meanwhile.
    this.#keepHostPause();
    this.#bootClock.note();
    meta.rewrite();
    tags?.rewrite();
    database.transaction("power-cut", () => {
      const table = new MemberTable(database);
      const wallMs = clock.wall();
      const at = now();
      for (const roster of members.rosters()) {
        const { protocol } = roster.rules;
        table.clear(protocol);
        for (const member of roster.values()) {
          table.write({ protocol, id: member.id, record: recordOf(member, at) }, wallMs);
        }
      }
      history.write(database, Infinity);
      uptime.write(database, Infinity);
      meta.write(database);
      if (tags !== undefined) writeTags(database, tags);
      outbox?.writeAll(database);
    });
    history.settle();
    uptime.settle();
    meta.settle();
    tags?.settle();
    outbox?.settle();
    this.#lasting = false;
    this.expectPauses();
  }

  /** Drops the backlog; the members themselves hold the same data. */
  discard(): void {
    const { now, members, history, outbox, uptime } = this.#options;
    history.collect();
    uptime.collect();
    outbox?.collect();
    outbox?.release();
    members.takeChanges(now());
    this.#backlog = [];
    this.#cursor = 0;
  }

  /**
   * Records that the members were restored and match the database. Changed are only members that
   * made room for them or were heard before; timestamps of maintenance still need correction.
   */
  adoptRestored(): void {
    const { now, members, meta, outbox, tags } = this.#options;
    members.endRestoring();
    meta.endRestoring();
    outbox?.endRestoring();
    tags?.endRestoring();
    const heard = new Set(this.#backlog.map(({ protocol, id }) => `${protocol}/${id}`));
    for (const change of members.takeChanges(now())) {
      const { protocol, id, record } = change;
      if (record === undefined || heard.has(`${protocol}/${id}`)) this.#backlog.push(change);
    }
    this.#hostPause = members.pause;
    this.#bootClock.note();
    this.expectPauses();
  }

  /**
   * What the wall clock would show now if it had not been set since the earlier run, in unix
   * milliseconds.
   */
  wallOfEarlierRun(database: Database): number {
    return this.#bootClock.wallOfEarlierRun(database);
  }

  /** Records that members in maintenance were restored, so that their timestamps are corrected. */
  expectPauses(): void {
    this.#pauses = true;
    this.#stampedAt = -Infinity;
  }

  /**
   * Rewrites rows with timestamps of the wall clock: all of them when the clock was set, pauses
   * also when their timestamps are old; see `member_row.ts`.
   */
  #restamp(): void {
    const { members, now, outbox } = this.#options;
    const at = now();
    const offsetMs = this.#offsetMs();
    const wasSet = Math.abs(offsetMs - this.#stampedOffsetMs) > WALL_STEP_MS;
    if (!wasSet && at - this.#stampedAt < PAUSE_REFRESH_MS) return;
    this.#stampedAt = at;
    this.#stampedOffsetMs = offsetMs;
    if (hasEnd(members.pause?.until)) this.#keepHostPause();
    if (wasSet) {
      outbox?.noteAges();
      this.#bootClock.note();
    }
    if (!wasSet && !this.#pauses) return;
    this.#pauses = false;
    for (const roster of members.rosters()) {
      const { protocol } = roster.rules;
      for (const member of roster.values()) {
        const isPaused = hasEnd(member.pause?.until);
        this.#pauses ||= isPaused;
        if (!wasSet && !isPaused) continue;
        this.#backlog.push({ protocol, id: member.id, record: recordOf(member, at) });
      }
    }
  }

  #keepHostPause(): void {
    const { clock, now, members, meta } = this.#options;
    const { pause } = members;
    this.#hostPause = pause;
    if (pause === undefined) {
      meta.set(HOST_PAUSE_KEY, undefined);
      return;
    }
    const forMs = Math.max(0, pause.until - now());
    const row = rowOfPause({ reason: pause.reason, forMs }, clock.wall());
    meta.set(HOST_PAUSE_KEY, JSON.stringify(row));
  }

  /** Changes when the wall clock is set, but not when listening time stands still. */
  #offsetMs(): number {
    const { clock } = this.#options;
    return clock.wall() - clock.now();
  }
}

function hasEnd(time: number | undefined): boolean {
  return time !== undefined && time !== Infinity;
}
