/**
 * When a wall is dimmed.
 *
 * @module
 */

const SPAN = /^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?$/;
const HOUR_MINUTES = 60;

/**
 * Whether a time of day lies in a span such as `20-8` or `19:30-7:00`, which may include midnight.
 * An invalid span is never night.
 *
 * @param time `HH:MM:SS`.
 */
export function isNight(time: string, span: string): boolean {
  const match = SPAN.exec(span);
  if (match === null) return false;
  const [, fromHour, fromMinute = "0", toHour, toMinute = "0"] = match;
  const from = Number(fromHour) * HOUR_MINUTES + Number(fromMinute);
  const to = Number(toHour) * HOUR_MINUTES + Number(toMinute);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const now = hour * HOUR_MINUTES + minute;
  return from <= to ? from <= now && now < to : now >= from || now < to;
}
