/**
 * A member's uptime as JSON.
 *
 * @module
 */

import type { CalendarDay } from "../core/calendar.ts";
import {
  addLater,
  type Figures,
  noFigures,
  shareOf,
  UPTIME_HALF_HOURS_MAX,
  type UptimeCondition,
} from "../core/uptime_cells.ts";
import { STRIP_LENGTH, STRIP_LETTERS } from "../core/last_day.ts";
import type { Interval } from "../core/wall_track.ts";
import type { DatedOutage, UptimePeriod, UptimeRecord } from "../store/uptime_record.ts";

/** An outage of the member. All lengths are measured, in milliseconds. */
export interface Outage {
  /** Start, ISO 8601: when the member was last heard. */
  from: string;
  /** End; null while it lasts. */
  to: string | null;
  /** Time that counts against the member. */
  downMs: number;
  /** Part of it in maintenance. */
  plannedMs: number;
  /** Part of it in which Pulsebox itself did not watch. */
  unwatchedMs: number;
  cause: string;
  /** True if it began in maintenance. */
  planned: boolean;
  /** Who looked after it; null if nobody said so. */
  by: string | null;
  /** That person's note; may be empty. */
  note: string;
}

/** A member's uptime in a period. */
export interface UptimeFigures {
  /** The fraction of the counted time in which it was present, 0 to 1; null if no time counts. */
  uptime: number | null;
  /** Time in which it was watched. */
  knownMs: number;
  /** Part of the watched time in which it was lost, except in maintenance. */
  downMs: number;
  /** Part of the watched time in maintenance, which does not count. */
  plannedMs: number;
  /** Number of outages in the period, including those that began earlier. */
  outages: number;
  worst: UptimeCondition;
}

/** A day of a member. */
export interface UptimeDay extends UptimeFigures {
  /** The host's calendar day, `2026-11-27`. */
  day: string;
  /** Start, ISO 8601. */
  from: string;
  /** Start of the next day, ISO 8601: 23 to 25 hours later. */
  to: string;
  /**
   * One letter of {@linkcode STRIP_LETTERS} per half-hour so far; null if the day is too long ago.
   */
  strip: string | null;
}

/** A span that ends now. */
export interface UptimeSpan extends UptimeFigures {
  span: "24h" | "7d" | "30d" | "90d";
  /** ISO 8601. */
  from: string;
}

/** A member's uptime, the latest day and the latest outage first. */
export interface Uptime {
  /** The time zone of the days. */
  timeZone: string;
  /** The first day with data; null if there is none. */
  since: string | null;
  /** The last 48 half-hours, and the last 7, 30 and 90 days, including the current one. */
  spans: UptimeSpan[];
  /** One letter per half-hour of `24h`, the current one last. */
  strip: string;
  days: UptimeDay[];
  outages: Outage[];
}

/** Length of the other spans in days. */
const SPAN_DAYS = { "7d": 7, "30d": 30, "90d": 90 } as const;
/** Number of days whose half-hours are kept; the longest day has 50 of them. */
const STRIP_DAYS: number = Math.floor(UPTIME_HALF_HOURS_MAX / 50);

/**
 * Makes the view of a record.
 *
 * @param count Number of days, including today.
 */
export function viewUptime(record: UptimeRecord, count: number): Uptime {
  const days = record.days();
  const strips = days.slice(0, STRIP_DAYS).map(({ period }) => record.halfHours(period));
  const lastDay = strips.toReversed().flat().slice(-STRIP_LENGTH);
  const since = days.findLast(({ figures }) => figures.knownMs > 0)?.period.name ?? null;
  return {
    timeZone: record.timeZone,
    since,
    spans: [
      viewSpan("24h", lastDay.toReversed()),
      ...Object.entries(SPAN_DAYS).map(([span, length]) =>
        viewSpan(span as keyof typeof SPAN_DAYS, days.slice(0, length))
      ),
    ],
    strip: stripOf(lastDay),
    days: days.slice(0, count).map((day, index) => viewDay(day, strips[index])),
    outages: record.outages().map(viewOutage),
  };
}

/** Makes the view of an outage. */
export function viewOutage(outage: DatedOutage): Outage {
  return {
    from: isoOf(outage.fromMs),
    to: outage.isOver ? isoOf(outage.toMs) : null,
    downMs: Math.round(outage.downMs),
    plannedMs: Math.round(outage.plannedMs),
    unwatchedMs: Math.round(outage.unwatchedMs),
    cause: outage.cause,
    planned: outage.planned,
    by: outage.handling?.by ?? null,
    note: outage.handling?.note ?? "",
  };
}

function viewDay(
  { period, figures }: UptimePeriod<CalendarDay>,
  halfHours: readonly UptimePeriod<Interval>[] | undefined,
): UptimeDay {
  return {
    day: period.name,
    from: isoOf(period.from),
    to: isoOf(period.to),
    ...viewFigures(figures),
    strip: halfHours === undefined ? null : stripOf(halfHours),
  };
}

/** @param periods The latest first. */
function viewSpan(
  span: UptimeSpan["span"],
  periods: readonly UptimePeriod<Interval>[],
): UptimeSpan {
  const sum = noFigures();
  for (const { figures } of periods.toReversed()) addLater(sum, figures);
  const from = isoOf(periods.at(-1)?.period.from ?? 0);
  return { span, from, ...viewFigures(sum) };
}

/** Makes the view of figures. */
export function viewFigures(figures: Readonly<Figures>): UptimeFigures {
  const { knownMs, downMs, plannedMs, outages, worst } = figures;
  return {
    uptime: shareOf(figures),
    knownMs: Math.round(knownMs),
    downMs: Math.round(downMs),
    plannedMs: Math.round(plannedMs),
    outages,
    worst,
  };
}

function stripOf(halfHours: readonly UptimePeriod<Interval>[]): string {
  return halfHours.map(({ figures }) => STRIP_LETTERS[figures.worst]).join("");
}

function isoOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
