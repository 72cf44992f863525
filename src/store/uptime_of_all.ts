/**
 * The uptime of everybody in some days.
 *
 * @module
 */

import type { Calendar, CalendarDay } from "../core/calendar.ts";
import type { Members } from "../core/members.ts";
import type { Preview, Watched } from "../core/uptime_account.ts";
import { type Cells, UPTIME_DAYS_MAX } from "../core/uptime_cells.ts";
import type { UptimeLedger } from "../core/uptime_ledger.ts";
import type { MemberFigures } from "../core/uptime_tally.ts";
import type { Database } from "./database.ts";
import { MemberOutageTable } from "./member_outage_table.ts";
import { type DatedOutage, datedOutage } from "./uptime_record.ts";
import { UptimeTable } from "./uptime_table.ts";

/** The sources of an {@linkcode UptimeOfAll}. */
export interface UptimeOfAllSources {
  readonly members: Members;
  readonly ledger: UptimeLedger;
  readonly calendar: Calendar;
  readonly database: Database | undefined;
  /** Listening time in milliseconds. */
  readonly now: number;
  /** Unix time in milliseconds. */
  readonly wallMs: number;
  /** Called when the database cannot be read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Everybody's uptime. It is true for the moment at which it was made; make another one for the next. */
export class UptimeOfAll {
  readonly #sources: UptimeOfAllSources;

  constructor(sources: UptimeOfAllSources) {
    this.#sources = sources;
  }

  /** The time zone of the days, such as `Europe/Berlin`. */
  get timeZone(): string {
    return this.#sources.calendar.timeZone;
  }

  /** Today and all earlier days of which figures are kept, the latest first. */
  days(): CalendarDay[] {
    const { calendar, wallMs } = this.#sources;
    return calendar.lastDays(wallMs, UPTIME_DAYS_MAX);
  }

  /** Everybody's figures of one day, in parts that add up; `undefined` for who has none of that day. */
  *on({ name }: CalendarDay): Generator<MemberFigures | undefined> {
    yield* this.#read((database) => new UptimeTable(database).everybodyOn(name)) ?? [];
    const { accounts } = this.#sources.ledger.changes;
    const part = (member: Watched, { days }: Cells) => {
      const figures = days.get(name);
      return figures && { member, figures };
    };
    for (const { member, fresh } of [...accounts]) yield part(member, fresh);
    for (const [member, { cells }] of this.#previews()) yield part(member, cells);
  }

  /**
   * Outages that last, or lasted up to a unix time in milliseconds; yields after each member.
   *
   * @return The latest first, and no more than `most`.
   */
  *latestOutages(
    fromMs: number,
    most: number,
  ): Generator<void, [member: Watched, outage: DatedOutage][]> {
    const stored = this.#read((database) => new MemberOutageTable(database).latest(fromMs, most));
    const outages = new Map((stored ?? []).map((outage) => [outage.seq, outage]));
    for (const [seq, outage] of this.#sources.ledger.changes.outages) outages.set(seq, outage);
    for (const [, { outage }] of this.#previews()) {
      if (outage !== undefined) outages.set(outage.seq, outage);
      yield;
    }
    return [...outages.values()].filter(({ isOver, toMs }) => !isOver || toMs >= fromMs)
      .sort((a, b) => b.seq - a.seq).slice(0, most)
      .map((outage) => [outage.member, datedOutage(outage)]);
  }

  /** What was not counted yet. */
  *#previews(): Generator<[member: Watched, preview: Preview]> {
    const { members, ledger, now } = this.#sources;
    for (const roster of members.rosters()) {
      for (const { id } of roster.values()) {
        const member = { protocol: roster.rules.protocol, id };
        const preview = ledger.preview(member, now);
        if (preview !== undefined) yield [member, preview];
      }
    }
  }

  /** What the database says; `undefined` if it cannot be read: memory has to do until it can. */
  #read<T>(read: (database: Database) => T): T | undefined {
    const { database, onFailure } = this.#sources;
    if (database === undefined) return undefined;
    try {
      return read(database);
    } catch (error) {
      onFailure?.(error);
      return undefined;
    }
  }
}
