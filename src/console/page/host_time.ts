/**
 * Times of the host as the fields of a form have them, `2026-11-30T09:00`, which the host reads on its
 * own clock, and periods of its calendar: the browser's time zone does not matter.
 *
 * @module
 */

/** The time of day at which a pause over night ends. */
const MORNING = "09:00";

/**
 * The minute of a moment.
 *
 * @param wallMs Unix time in milliseconds.
 * @param timeZone The host's, by its IANA name.
 */
export function hostMinute(wallMs: number, timeZone: string): string {
  // The Swedish locale writes dates as in ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).format(wallMs).replace(" ", "T");
}

/** The morning of the day after that of a moment. */
export function morningAfter(wallMs: number, timeZone: string): string {
  const today = hostMinute(wallMs, timeZone).slice(0, 10);
  const tomorrow = new Date(`${today}T00:00Z`);
  tomorrow.setUTCDate(tomorrow.getUTCDate() + 1);
  return `${tomorrow.toISOString().slice(0, 10)}T${MORNING}`;
}

/** What somebody can choose; the first one is shown without a choice. */
export const PERIODS = ["week", "month", "last-month", "quarter"] as const;

/** One of {@linkcode PERIODS}. */
export type Period = typeof PERIODS[number];

/** Days of the periods that end today. */
const DAYS = { week: 7, month: 30, quarter: 90 } as const;

/** The period of an address. */
export function periodAt(asked: string): Period {
  return PERIODS.find((period) => period === asked) ?? PERIODS[0];
}

/**
 * The period as a query of the API.
 *
 * @param wallMs Unix time in milliseconds, for the calendar's last month.
 * @param timeZone The host's, whose calendar it is.
 */
export function periodQuery(period: Period, wallMs: number, timeZone: string): string {
  if (period !== "last-month") return `days=${DAYS[period]}`;
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit" })
    .formatToParts(wallMs);
  const part = (type: "year" | "month") => Number(parts.find((each) => each.type === type)?.value);
  const firstOf = (monthsAgo: number) => Date.UTC(part("year"), part("month") - 1 - monthsAgo);
  const nameOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return `from=${nameOf(firstOf(1))}&to=${nameOf(firstOf(0) - 1)}`;
}
