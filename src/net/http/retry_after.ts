/**
 * Reads how long a server asks its clients to wait (RFC 9110, 10.2.3).
 *
 * @module
 */

/** Digits with or without a fraction: servers behind a rate limit send `1.5`, against the RFC. */
const SECONDS = /^\d{1,9}(?:\.\d{1,9})?$/;
/** Text that begins like one of the three forms of an HTTP date (RFC 9110, 5.6.7). */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * Reads the field `Retry-After`.
 *
 * @param text The field's value: seconds, or a date.
 * @param date The field `Date` of the same response, if present. A date in `Retry-After` is
 * measured from there, so that a client whose clock is wrong still waits for the right time.
 * @param wallMs The client's unix time in milliseconds, used if the response has no `Date`.
 * @return Milliseconds, at least 0; `undefined` if the value makes no sense.
 */
export function parseRetryAfter(
  text: string,
  date: string | null,
  wallMs: number,
): number | undefined {
  const trimmed = text.trim();
  if (SECONDS.test(trimmed)) return Number(trimmed) * 1_000;
  const until = parseDate(trimmed);
  if (until === undefined) return undefined;
  const from = (date === null ? undefined : parseDate(date.trim())) ?? wallMs;
  return Math.max(0, until - from);
}

function parseDate(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  // The form of C's asctime has no zone and means GMT.
  const ms = Date.parse(/ GMT$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}
