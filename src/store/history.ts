/**
 * The history of events, newest first, in a limited number of rows.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Events, Subscription } from "../core/events.ts";
import type { Protocol } from "../core/member.ts";
import type { Database } from "./database.ts";
import { entriesOfRows, entryOf, type HistoryEntry, isKept, isLasting } from "./history_entry.ts";
import { toColumn } from "./text.ts";

/** The most rows in all; the oldest make room. */
export const HISTORY_ROWS_MAX = 10_000;
/** The most rows of one member, so that a flapping member does not push out all others. */
export const HISTORY_ROWS_PER_MEMBER_MAX = 200;
/** The most entries of one answer. */
export const HISTORY_LIMIT_MAX = 1_000;

/** What to search for in the history. */
export interface HistoryQuery {
  member?: { protocol: Protocol; id: string };
  /** Only entries at or after this time, in unix milliseconds. */
  since?: number;
  /** The most entries, 1 to {@linkcode HISTORY_LIMIT_MAX}. */
  limit: number;
}

/** Limits of a {@linkcode History}. */
export interface HistoryLimits {
  rowsMax: number;
  rowsPerMemberMax: number;
}

/** Options of {@linkcode History}. */
export interface HistoryOptions extends Partial<HistoryLimits> {
  clock: Clock;
  /** Listening time in milliseconds, which dates the events. */
  now: () => number;
  events: Events;
  /** Called when the database cannot be read. */
  onFailure?: (error: unknown) => void;
}

const INSERT = "INSERT INTO history (at_ms, type, protocol, id, detail) VALUES (?, ?, ?, ?, ?)";
const COUNT = "SELECT count(*) AS rows FROM history";
const TRIM = "DELETE FROM history WHERE seq IN (SELECT seq FROM history ORDER BY seq LIMIT ?)";
const TRIM_MEMBER = `
  DELETE FROM history WHERE seq IN (
    SELECT seq FROM history WHERE protocol = ? AND id = ? ORDER BY seq DESC LIMIT -1 OFFSET ?)`;
const SELECT = `
  SELECT at_ms, type, protocol, id, detail FROM history
  WHERE at_ms >= ? ORDER BY seq DESC LIMIT ?`;
const SELECT_MEMBER = `
  SELECT at_ms, type, protocol, id, detail FROM history
  WHERE protocol = ? AND id = ? AND at_ms >= ? ORDER BY seq DESC LIMIT ?`;

/** Collects events, writes them to the database in batches, and answers queries from both. */
export class History {
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #limits: HistoryLimits;
  readonly #events: Events;
  readonly #onFailure: (error: unknown) => void;
  #subscription: Subscription | undefined;
  #database: Database | undefined;
  /** Entries that are not committed yet, oldest first; never more than the table would keep. */
  #pending: HistoryEntry[] = [];
  /** How many of them are in the current commit. */
  #written = 0;
  #droppedEarlier = 0;

  constructor(options: HistoryOptions) {
    this.#clock = options.clock;
    this.#now = options.now;
    this.#events = options.events;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#limits = {
      rowsMax: options.rowsMax ?? HISTORY_ROWS_MAX,
      rowsPerMemberMax: options.rowsPerMemberMax ?? HISTORY_ROWS_PER_MEMBER_MAX,
    };
  }

  /** Number of entries that wait to be written. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Number of entries dropped because neither the table nor memory had room. */
  get dropped(): number {
    return this.#droppedEarlier + (this.#subscription?.dropped ?? 0);
  }

  /** Starts listening. Idempotent. */
  open(): void {
    this.#subscription ??= this.#events.subscribe({ capacity: this.#limits.rowsMax });
  }

  /** Uses this database from now on. */
  attach(database: Database | undefined): void {
    this.#database = database;
  }

  /**
   * Takes in the events since the last call.
   *
   * @return True if one of the entries must survive a power cut.
   */
  collect(): boolean {
    const subscription = this.#subscription;
    if (subscription === undefined) return false;
    const offsetMs = this.#clock.wall() - this.#now();
    let lasting = false;
    for (let event = subscription.take(); event !== undefined; event = subscription.take()) {
      // An entry every minute would wear out the disk and push out important ones.
      if (!isKept(event)) continue;
      if (isLasting(event)) lasting = true;
      this.#pending.push(entryOf(event, offsetMs));
    }
    const excess = this.#pending.length - this.#limits.rowsMax;
    if (excess > 0) {
      this.#pending.splice(0, excess);
      this.#droppedEarlier += excess;
    }
    return lasting;
  }

  /** Writes the oldest waiting entries. The caller provides the transaction. */
  write(database: Database, rowsMax: number): void {
    const batch = this.#pending.slice(0, rowsMax);
    this.#written = batch.length;
    if (batch.length === 0) return;
    const members = new Map<string, { protocol: Protocol; id: string }>();
    const insert = database.prepare(INSERT);
    for (const { at, type, member, detail } of batch) {
      insert.run(
        Math.round(at),
        type,
        member?.protocol ?? null,
        member === undefined ? null : toColumn(member.id),
        JSON.stringify(detail),
      );
      if (member !== undefined) members.set(`${member.protocol}/${member.id}`, member);
    }
    const trimMember = database.prepare(TRIM_MEMBER);
    for (const { protocol, id } of members.values()) {
      trimMember.run(protocol, toColumn(id), this.#limits.rowsPerMemberMax);
    }
    const rows = Number(database.prepare(COUNT).get()?.["rows"]);
    if (rows > this.#limits.rowsMax) database.prepare(TRIM).run(rows - this.#limits.rowsMax);
  }

  /** Records that the batch of the last write is on disk. */
  settle(): void {
    this.#pending.splice(0, this.#written);
    this.#written = 0;
  }

  /**
   * Queries the history, newest entry first.
   *
   * @throws {RangeError} if the limit is out of range.
   */
  query(query: HistoryQuery): HistoryEntry[] {
    const { member, since = -Infinity, limit } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > HISTORY_LIMIT_MAX) {
      throw new RangeError(
        `Cannot query history: limit is ${limit}, must be 1 to ${HISTORY_LIMIT_MAX}`,
      );
    }
    this.collect();
    const entries: HistoryEntry[] = [];
    for (let index = this.#pending.length - 1; index >= 0 && entries.length < limit; index--) {
      const entry = this.#pending[index];
      if (entry !== undefined && entry.at >= since && isOf(entry, member)) entries.push(entry);
    }
    if (entries.length < limit) {
      entries.push(...this.#read({ ...query, since, limit: limit - entries.length }));
    }
    return entries;
  }

  /** Stops listening. Waiting entries can still be written. Idempotent. */
  close(): void {
    this.collect();
    this.#droppedEarlier = this.dropped;
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  #read({ member, since = 0, limit }: HistoryQuery): HistoryEntry[] {
    const from = Number.isFinite(since) ? Math.ceil(since) : Number.MIN_SAFE_INTEGER;
    try {
      const rows = member === undefined
        ? this.#database?.prepare(SELECT).all(from, limit)
        : this.#database?.prepare(SELECT_MEMBER).all(
          member.protocol,
          toColumn(member.id),
          from,
          limit,
        );
      return entriesOfRows(rows ?? []);
    } catch (error) {
      // Until the disk works again, memory must do.
      this.#onFailure(error);
      return [];
    }
  }
}

function isOf(entry: HistoryEntry, member: HistoryQuery["member"]): boolean {
  if (member === undefined) return true;
  return entry.member?.id === member.id && entry.member.protocol === member.protocol;
}
