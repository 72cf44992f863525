/**
 * The tables of uptime: members' figures by day and by half-hour.
 *
 * @module
 */

import type { Protocol } from "../core/member.ts";
import type { UptimeAccount, Watched } from "../core/uptime_account.ts";
import {
  type Figures,
  UPTIME_CONDITIONS,
  UPTIME_DAYS_MAX,
  UPTIME_HALF_HOURS_MAX,
} from "../core/uptime_cells.ts";
import type { MemberFigures } from "../core/uptime_tally.ts";
import type { Database } from "./database.ts";
import { fromColumn, toColumn } from "./text.ts";

/** The most members with figures in one day or half-hour; further members have none. */
export const UPTIME_MEMBERS_PER_PERIOD_MAX = 10_000;
/** The most rows of days, and of half-hours. When there are more, the oldest period is deleted. */
export const UPTIME_ROWS_MAX = 2_000_000;
/** The most rows of a store in memory. */
export const UPTIME_ROWS_IN_MEMORY_MAX = 50_000;

/** Limits of {@linkcode UptimeTable}. */
export interface UptimeLimits {
  readonly membersPerPeriodMax: number;
  readonly rowsMax: number;
  readonly daysMax: number;
  readonly halfHoursMax: number;
}

/** The limits of a database on disk. */
export const UPTIME_LIMITS: UptimeLimits = {
  membersPerPeriodMax: UPTIME_MEMBERS_PER_PERIOD_MAX,
  rowsMax: UPTIME_ROWS_MAX,
  daysMax: UPTIME_DAYS_MAX,
  halfHoursMax: UPTIME_HALF_HOURS_MAX,
};

/** The statements for one of the tables. */
interface Statements {
  readonly add: string;
  readonly insert: string;
  readonly members: string;
  readonly rows: string;
  readonly cut: string;
  readonly oldest: string;
  readonly trim: string;
  readonly select: string;
  readonly selectAll: string;
  readonly selectSince: string;
}

const DAYS = statementsOf("uptime_day", "day");
const HALF_HOURS = statementsOf("uptime_half_hour", "from_ms");

const SUM_SINCE = `
  SELECT coalesce(sum(known_ms), 0) AS known_ms, coalesce(sum(down_ms), 0) AS down_ms,
    coalesce(sum(planned_ms), 0) AS planned_ms
  FROM uptime_day WHERE day >= ?`;

function statementsOf(table: string, period: string): Statements {
  const figures = "known_ms, down_ms, planned_ms, outages, carried, worst";
  const whose = `${period} = ? AND protocol = ? AND id = ?`;
  return {
    add: `
      UPDATE ${table} SET known_ms = known_ms + ?, down_ms = down_ms + ?,
        planned_ms = planned_ms + ?, outages = outages + ?, carried = carried + ?,
        worst = max(worst, ?)
      WHERE ${whose}`,
    insert: `
      INSERT INTO ${table} (${figures}, ${period}, protocol, id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    members: `SELECT count(*) AS count FROM ${table} WHERE ${period} = ?`,
    rows: `SELECT count(*) AS count FROM ${table}`,
    // Step from period to period through the key, instead of reading every row.
    cut: `
      WITH RECURSIVE newest (period, number) AS (
        SELECT max(${period}), 1 FROM ${table}
        UNION ALL
        SELECT (SELECT max(${period}) FROM ${table} WHERE ${period} < newest.period), number + 1
        FROM newest WHERE newest.period IS NOT NULL AND number <= ?
      )
      SELECT max(number) AS count, min(period) AS oldest FROM newest WHERE period IS NOT NULL`,
    oldest: `SELECT min(${period}) AS oldest FROM ${table}`,
    trim: `DELETE FROM ${table} WHERE ${period} <= ?`,
    select: `SELECT ${figures} FROM ${table} WHERE ${whose}`,
    selectAll: `SELECT ${figures}, protocol, id FROM ${table} WHERE ${period} = ?`,
    selectSince: `SELECT ${figures}, ${period}, protocol, id FROM ${table} WHERE ${period} >= ?`,
  };
}

/** Reads and writes the tables of figures. Callers provide the transaction. */
export class UptimeTable {
  readonly #database: Database;
  readonly #limits: UptimeLimits;

  constructor(database: Database, limits: UptimeLimits = UPTIME_LIMITS) {
    this.#database = database;
    this.#limits = limits;
  }

  /**
   * Adds the new figures of accounts.
   *
   * @return Number of figures that found no room.
   */
  add(accounts: Iterable<UptimeAccount>): number {
    const days = new Period(this.#database, DAYS, this.#limits, this.#limits.daysMax);
    const { halfHoursMax } = this.#limits;
    const halfHours = new Period(this.#database, HALF_HOURS, this.#limits, halfHoursMax);
    for (const { member, fresh } of accounts) {
      for (const [day, figures] of fresh.days) days.add(day, member, figures);
      for (const [from, figures] of fresh.halfHours) halfHours.add(from, member, figures);
    }
    days.trim();
    halfHours.trim();
    return days.dropped + halfHours.dropped;
  }

  /** A member's figures of one day, by the member's name; `undefined` if there are none. */
  day(day: string, member: Watched): Figures | undefined {
    return this.#read(DAYS, day, member);
  }

  /** A member's figures of the half-hour that begins at this unix time in milliseconds. */
  halfHour(from: number, member: Watched): Figures | undefined {
    return this.#read(HALF_HOURS, from, member);
  }

  /** Everybody's figures of one day, by its name. */
  everybodyOn(day: string): MemberFigures[] {
    return this.#database.prepare(DAYS.selectAll).all(day).map((row) => ({
      member: watchedIn(row),
      figures: figuresIn(row),
    }));
  }

  /** The known, down and planned time of all members from this day on. */
  since(day: string): Figures {
    const row = this.#database.prepare(SUM_SINCE).get(day);
    return figuresIn({ ...row, outages: 0, carried: 0, worst: 0 });
  }

  /** All members' half-hours that begin at this unix time in milliseconds or later. */
  *halfHoursSince(from: number): Generator<[member: Watched, from: number, figures: Figures]> {
    for (const row of this.#database.prepare(HALF_HOURS.selectSince).all(from)) {
      yield [watchedIn(row), Number(row["from_ms"]), figuresIn(row)];
    }
  }

  #read(
    { select }: Statements,
    period: string | number,
    { protocol, id }: Watched,
  ): Figures | undefined {
    const row = this.#database.prepare(select).get(period, protocol, toColumn(id));
    if (row === undefined) return undefined;
    return figuresIn(row);
  }
}

function watchedIn(row: Record<string, unknown>): Watched {
  const protocol = String(row["protocol"]) as Protocol;
  return { protocol, id: fromColumn(String(row["id"])) };
}

function figuresIn(row: Record<string, unknown>): Figures {
  return {
    knownMs: Number(row["known_ms"]),
    downMs: Number(row["down_ms"]),
    plannedMs: Number(row["planned_ms"]),
    outages: Number(row["outages"]),
    carried: Number(row["carried"]),
    worst: UPTIME_CONDITIONS[Number(row["worst"])] ?? "unknown",
  };
}

/** One of the tables while figures are added to it. */
class Period {
  readonly #database: Database;
  readonly #statements: Statements;
  readonly #limits: UptimeLimits;
  readonly #periodsMax: number;
  /** The number of members in each period that got new ones. */
  readonly #members = new Map<string | number, number>();
  #hasNew = false;
  dropped = 0;

  constructor(
    database: Database,
    statements: Statements,
    limits: UptimeLimits,
    periodsMax: number,
  ) {
    this.#database = database;
    this.#statements = statements;
    this.#limits = limits;
    this.#periodsMax = periodsMax;
  }

  add(period: string | number, { protocol, id }: Watched, figures: Readonly<Figures>): void {
    const { knownMs, downMs, plannedMs, outages, carried, worst } = figures;
    const values = [
      ...[knownMs, downMs, plannedMs, outages, carried, UPTIME_CONDITIONS.indexOf(worst)],
      ...[period, protocol, toColumn(id)],
    ];
    if (Number(this.#database.prepare(this.#statements.add).run(...values).changes) > 0) return;
    const members = this.#members.get(period) ?? this.#count(this.#statements.members, period);
    if (members >= this.#limits.membersPerPeriodMax) {
      this.dropped++;
      return;
    }
    this.#database.prepare(this.#statements.insert).run(...values);
    this.#members.set(period, members + 1);
    if (members === 0) this.#hasNew = true;
  }

  /** Deletes the oldest periods if there are new ones. */
  trim(): void {
    if (!this.#hasNew) return;
    const { cut, trim, rows, oldest } = this.#statements;
    // Periods are counted rather than compared with the present, so that a clock that was wrong for
    // a moment deletes nothing.
    const row = this.#database.prepare(cut).get(this.#periodsMax);
    if (Number(row?.["count"]) > this.#periodsMax) {
      this.#database.prepare(trim).run(row?.["oldest"] as string | number);
    }
    while (this.#count(rows) > this.#limits.rowsMax) {
      const period = this.#database.prepare(oldest).get()?.["oldest"] as string | number;
      this.#database.prepare(trim).run(period);
    }
  }

  #count(sql: string, ...parameters: (string | number)[]): number {
    return Number(this.#database.prepare(sql).get(...parameters)?.["count"]);
  }
}
