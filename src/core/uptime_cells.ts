/**
 * How a member was in a period, in figures that add up.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { HOUR_MS } from "./clock.ts";
import type { Interval } from "./wall_track.ts";

/** Length of a half-hour in milliseconds. The first one of a day begins with the day. */
export const HALF_HOUR_MS: number = HOUR_MS / 2;

/** Days of which figures are kept. */
export const UPTIME_DAYS_MAX = 400;
/** Half-hours of which figures are kept: eight days. */
export const UPTIME_HALF_HOURS_MAX = 384;

/**
 * The worst condition of a member in a period, from good to bad. Databases store the index, so the
 * order is fixed.
 */
export const UPTIME_CONDITIONS = ["unknown", "ok", "maintenance", "late", "lost"] as const;

/** One of {@linkcode UPTIME_CONDITIONS}. */
export type UptimeCondition = typeof UPTIME_CONDITIONS[number];

/** The figures of a period. The figures of its parts add up to them. */
export interface Figures {
  /** Time in which the member was watched, in milliseconds. */
  knownMs: number;
  /** The part of it in which the member was lost or gone, outside maintenance. */
  downMs: number;
  /** The part of it in which the member was in maintenance, in whatever state. */
  plannedMs: number;
  /** Outages of which some time lies in the period. */
  outages: number;
  /** The number of these outages that began before the period. */
  carried: number;
  worst: UptimeCondition;
}

/** Figures of a period of which nothing is known. */
export function noFigures(): Figures {
  return { knownMs: 0, downMs: 0, plannedMs: 0, outages: 0, carried: 0, worst: "unknown" };
}

/** Adds the figures of a part. */
export function addFigures(sum: Figures, part: Readonly<Figures>): void {
  sum.knownMs += part.knownMs;
  sum.downMs += part.downMs;
  sum.plannedMs += part.plannedMs;
  sum.outages += part.outages;
  sum.carried += part.carried;
  sum.worst = worse(sum.worst, part.worst);
}

/**
 * Adds the figures of a period to those of all earlier ones. An outage that goes on from one of them
 * into the next counts once.
 */
export function addLater(sum: Figures, later: Readonly<Figures>): void {
  const outages = sum.outages === 0 ? later.outages : sum.outages + later.outages - later.carried;
  addFigures(sum, later);
  sum.outages = outages;
}

/**
 * Makes the down time fit into the time that counts. A silence that began before a kill is dated by the
 * clock of the run that notices it; if the clock was set meanwhile, the time in which the member was
 * watched lies in another period.
 */
export function fitDown(sum: Figures): void {
  sum.downMs = Math.min(sum.downMs, sum.knownMs - sum.plannedMs);
}

/** The worse of two. */
export function worse(a: UptimeCondition, b: UptimeCondition): UptimeCondition {
  if (a === b) return a;
  return UPTIME_CONDITIONS.indexOf(a) > UPTIME_CONDITIONS.indexOf(b) ? a : b;
}

/**
 * The fraction of the counted time in which a member was present, 0 to 1; null if no time counts.
 */
export function shareOf({ knownMs, downMs, plannedMs }: Readonly<Figures>): number | null {
  const counted = knownMs - plannedMs;
  return counted > 0 ? Math.min(1, Math.max(0, 1 - downMs / counted)) : null;
}

/** Figures of days and half-hours. When there are too many of a kind, the oldest is dropped. */
export class Cells {
  /** By the name of the day. */
  readonly days = new Map<string, Figures>();
  /** Half-hours by the unix time at which they begin, in milliseconds. */
  readonly halfHours = new Map<number, Figures>();

  /** True if there is nothing in it. */
  get isEmpty(): boolean {
    return this.days.size === 0 && this.halfHours.size === 0;
  }

  /** Empties it. */
  clear(): void {
    this.days.clear();
    this.halfHours.clear();
  }

  /** The figures of a day. */
  day(name: string): Figures {
    return figuresOf(this.days, name, UPTIME_DAYS_MAX);
  }

  /** The figures of a half-hour. */
  halfHour(from: number): Figures {
    return figuresOf(this.halfHours, from, UPTIME_HALF_HOURS_MAX);
  }
}

function figuresOf<K>(cells: Map<K, Figures>, key: K, cellsMax: number): Figures {
  let figures = cells.get(key);
  if (figures !== undefined) return figures;
  const [oldest] = cells.keys();
  if (cells.size >= cellsMax && oldest !== undefined) cells.delete(oldest);
  cells.set(key, figures = noFigures());
  return figures;
}

/** A piece of time that lies in one half-hour, and so in one day. */
export interface Portion {
  readonly day: string;
  /** Unix time at which the half-hour begins, in milliseconds. */
  readonly halfHour: number;
  readonly ms: number;
}

/** Splits a span of unix time at the ends of half-hours and days. */
export function* portionsOf({ from, to }: Interval, calendar: Calendar): Generator<Portion> {
  for (let at = from; at < to;) {
    const day = calendar.dayOf(at);
    const halfHour = day.from + Math.floor((at - day.from) / HALF_HOUR_MS) * HALF_HOUR_MS;
    // The last day of the calendar takes all the rest.
    const end = day.to > at ? Math.min(to, halfHour + HALF_HOUR_MS, day.to) : to;
    yield { day: day.name, halfHour, ms: end - at };
    at = end;
  }
}
