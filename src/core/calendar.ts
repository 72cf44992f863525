/**
 * The calendar days of a host, in its own time zone.
 *
 * @module
 */

import { HOUR_MS, SECOND_MS } from "./clock.ts";

/** A day of the calendar. Mostly it has 24 hours; where clocks are changed, 23 or 25. */
export interface CalendarDay {
  /** `2026-11-27`. */
  readonly name: string;
  /** Unix time at which it begins, in milliseconds. */
  readonly from: number;
  /** Unix time at which the next one begins, in milliseconds. */
  readonly to: number;
}

/** The most days in the cache, which saves searching them again. */
const DAYS_KNOWN_MAX = 1_000;
/** The upper bound of a day's length in milliseconds, however its clocks are changed. */
const DAY_MS_MAX: number = 27 * HOUR_MS;
/** The latest moment that has a day here, in unix milliseconds, in the year 9998; the earliest is 0. */
export const CALENDAR_MS_MAX = 253_370_678_400_000;

/** The calendar of one time zone. */
export class Calendar {
  readonly #timeZone: string | undefined;
  readonly #days = new Map<string, CalendarDay>();
  #made: Intl.DateTimeFormat | undefined;
  #last: CalendarDay | undefined;

  /** @param timeZone The host's own if not given. */
  constructor(timeZone?: string) {
    this.#timeZone = timeZone;
  }

  /** Name of the time zone, such as `Europe/Berlin`; UTC if the host's zone is unknown. */
  get timeZone(): string {
    return this.#format.resolvedOptions().timeZone ?? "UTC";
  }

  /**
   * The day to which a moment of unix time belongs, in milliseconds: 0 to
   * {@linkcode CALENDAR_MS_MAX}, clamped to that range.
   */
  dayOf(unixMs: number): CalendarDay {
    const wallMs = Math.min(CALENDAR_MS_MAX, Math.max(0, unixMs));
    const last = this.#last;
    if (last !== undefined && wallMs >= last.from && wallMs < last.to) return last;
    const name = this.#nameOf(wallMs);
    let day = this.#days.get(name);
    if (day === undefined) {
      const from = this.#first(wallMs - DAY_MS_MAX, wallMs, (other) => other >= name);
      const to = this.#first(wallMs, wallMs + DAY_MS_MAX, (other) => other > name);
      day = { name, from, to };
      if (this.#days.size >= DAYS_KNOWN_MAX) this.#days.clear();
      this.#days.set(name, day);
    }
    return this.#last = day;
  }

  /** The last `count` days up to the day of a moment, the latest first. */
  lastDays(wallMs: number, count: number): CalendarDay[] {
    const days: CalendarDay[] = [];
    for (let at = wallMs; days.length < count && at >= 0;) {
      const day = this.dayOf(at);
      days.push(day);
      at = day.from - 1;
    }
    return days;
  }

  /** Made when it is first needed: the first of a process takes 20 ms and 7 MB. */
  get #format(): Intl.DateTimeFormat {
    // The Canadian locale writes dates as in ISO 8601.
    return this.#made ??= new Intl.DateTimeFormat("en-CA", {
      ...(this.#timeZone === undefined ? {} : { timeZone: this.#timeZone }),
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  }

  #nameOf(wallMs: number): string {
    if (this.#timeZone !== undefined) return this.#format.format(wallMs);
    // Days of the host's own zone, which an idle host counts too, need no format.
    const date = new Date(wallMs);
    const year = String(date.getFullYear()).padStart(4, "0");
    return `${year}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  }

  /**
   * Finds the first second of a wanted day by bisection, between a second before it and one within
   * it. A day need not begin at midnight: some zones change their clocks just then.
   */
  #first(from: number, to: number, isWanted: (name: string) => boolean): number {
    let before = Math.floor(from / SECOND_MS);
    let after = Math.ceil(to / SECOND_MS);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (isWanted(this.#nameOf(middle * SECOND_MS))) after = middle;
      else before = middle;
    }
    return after * SECOND_MS;
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
