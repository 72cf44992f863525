/**
 * Time stamps of game clients: local time without zone (mlf.md section 3.1).
 *
 * @module
 */

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|[+-]\d{2}:?\d{2})?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MINUTES = 1_440;
/** Numbers are exact to the microsecond for 285 years around it. */
const ORIGIN_DAYS = daysBefore(2000, 1, 1);

/**
 * Reads a time stamp as a number that grows with time. It orders one client's own messages, and
 * means nothing on any other clock.
 *
 * The whole stamp counts: the original compared only the fractions of seconds, and let old messages
 * replace newer ones.
 *
 * @return Microseconds, or `undefined` if the text is no time stamp.
 */
export function parseTimestamp(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const micros = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const minutes = (daysBefore(year, month, day) - ORIGIN_DAYS) * DAY_MINUTES + hour * 60 + minute;
  return (minutes * 60 + second) * 1e6 + micros;
}

/** The parts of a local time. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 999 999. */
  readonly micros: number;
}

/** Writes a time stamp with six digits behind the point, as the original client does. */
export function formatTimestamp(time: LocalTime): string {
  const { year, month, day, hour, minute, second, micros } = time;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ` +
    `${two(hour)}:${two(minute)}:${two(second)}.${String(micros).padStart(6, "0")}`;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysOf(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1] ?? 0;
}

/** Days from the beginning of the year 0 to a date. */
function daysBefore(year: number, month: number, day: number): number {
  const past = year - 1;
  let days = year * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let each = 1; each < month; each++) days += daysOf(year, each);
  return days + day;
}
