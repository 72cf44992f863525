/**
 * The uptime of one member.
 *
 * @module
 */

import type { Calendar, CalendarDay } from "../core/calendar.ts";
import {
  lengthOf,
  type MeasuredOutage,
  type Preview,
  type Watched,
} from "../core/uptime_account.ts";
import {
  addFigures,
  type Cells,
  type Figures,
  fitDown,
  HALF_HOUR_MS,
  noFigures,
  UPTIME_DAYS_MAX,
} from "../core/uptime_cells.ts";
import type { Interval } from "../core/wall_track.ts";
import type { Database } from "./database.ts";
import { MemberOutageTable } from "./member_outage_table.ts";
import { UptimeTable } from "./uptime_table.ts";

/** A period and its figures. */
export interface UptimePeriod<P> {
  readonly period: P;
  readonly figures: Figures;
}

/** An outage, dated by the wall clock of now. */
export type DatedOutage = Omit<MeasuredOutage, "seq" | "counted" | "member"> & {
  /** Start in unix milliseconds: the end minus the measured length. */
  readonly fromMs: number;
};

/** The sources of a {@linkcode UptimeRecord}. */
export interface UptimeRecordSources {
  readonly member: Watched;
  readonly calendar: Calendar;
  readonly database: Database | undefined;
  /** Called when the database cannot be read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Unix time in milliseconds. */
  readonly wallMs: number;
  /** What is waiting to be written. */
  readonly waiting: readonly Cells[];
  readonly waitingOutages: readonly MeasuredOutage[];
  /** What has not been counted yet. */
  readonly preview: Preview | undefined;
}

/** A member's uptime. All figures come from the same sums, on disk and in memory. */
export class UptimeRecord {
  readonly #sources: UptimeRecordSources;
  readonly #cells: readonly Cells[];

  constructor(sources: UptimeRecordSources) {
    this.#sources = sources;
    const { waiting, preview } = sources;
    this.#cells = preview === undefined ? waiting : [...waiting, preview.cells];
  }

  /** The time zone of the days, such as `Europe/Berlin`. */
  get timeZone(): string {
    return this.#sources.calendar.timeZone;
  }

  /** Today and all earlier days that are kept, the latest first. */
  days(): UptimePeriod<CalendarDay>[] {
    const { calendar, wallMs } = this.#sources;
    return calendar.lastDays(wallMs, UPTIME_DAYS_MAX).map((period) => ({
      period,
      figures: this.figuresOf(period),
    }));
  }

  /** The figures of a day. */
  figuresOf({ name }: CalendarDay): Figures {
    const stored = this.#read((table, member) => table.day(name, member));
    return sumOf([stored, ...this.#cells.map(({ days }) => days.get(name))]);
  }

  /** The half-hours of a day up to now, in order. */
  halfHours(day: CalendarDay): UptimePeriod<Interval>[] {
    const periods: UptimePeriod<Interval>[] = [];
    const end = Math.min(day.to, this.#sources.wallMs + 1);
    for (let from = day.from; from < end; from += HALF_HOUR_MS) {
      const fresh = this.#cells.map(({ halfHours }) => halfHours.get(from));
      const stored = this.#read((table, member) => table.halfHour(from, member));
      const period = { from, to: Math.min(day.to, from + HALF_HOUR_MS) };
      periods.push({ period, figures: sumOf([stored, ...fresh]) });
    }
    return periods;
  }

  /** The outages that are kept, the latest first. */
  outages(): DatedOutage[] {
    const { waitingOutages, preview } = this.#sources;
    const stored = this.#read((_, member, database) => new MemberOutageTable(database).of(member));
    const outages = new Map((stored ?? []).map((outage) => [outage.seq, outage]));
    for (const outage of waitingOutages) outages.set(outage.seq, outage);
    if (preview?.outage !== undefined) outages.set(preview.outage.seq, preview.outage);
    return [...outages.values()].sort((a, b) => b.seq - a.seq).map(datedOutage);
  }

  #read<T>(
    read: (table: UptimeTable, member: Watched, database: Database) => T,
  ): T | undefined {
    const { database, member, onFailure } = this.#sources;
    if (database === undefined) return undefined;
    try {
      return read(new UptimeTable(database), member, database);
    } catch (error) {
      // Until the disk works again, memory must do.
      onFailure?.(error);
      return undefined;
    }
  }
}

/** Dates an outage by its end. */
export function datedOutage(outage: MeasuredOutage): DatedOutage {
  const { cause, planned, downMs, plannedMs, unwatchedMs, toMs, isOver, handling } = outage;
  const fromMs = toMs - lengthOf(outage);
  return { cause, planned, downMs, plannedMs, unwatchedMs, handling, fromMs, toMs, isOver };
}

function sumOf(parts: readonly (Figures | undefined)[]): Figures {
  const sum = noFigures();
  for (const part of parts) if (part !== undefined) addFigures(sum, part);
  fitDown(sum);
  return sum;
}
