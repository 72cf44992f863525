/**
 * How much of each day a member was there, from its history.
 *
 * @module
 */

import type { HistoryEntry } from "../store/history_entry.ts";

/** A time without the member. */
export interface Outage {
  /** ISO 8601: when it was last heard before. */
  from: string;
  /** Null while it lasts. */
  to: string | null;
  downMs: number;
  cause: string;
  /** True if it began in maintenance; such time does not count against the member. */
  planned: boolean;
}

/** A day of a member. */
export interface UptimeDay {
  /** The host's calendar day, `2026-11-27`. */
  day: string;
  /** Share of the time that it is known about, 0 to 1; null if nothing is known of the day. */
  uptime: number | null;
  downMs: number;
  outages: number;
}

/** Days and outages, the last one first. */
export interface Uptime {
  /** Since when anything is known, ISO 8601; null if nothing is. */
  since: string | null;
  days: UptimeDay[];
  outages: Outage[];
}

interface Interval {
  from: number;
  to: number;
}

interface Span extends Interval {
  ended: boolean;
  cause: string;
  planned: boolean;
}

const DOWN: ReadonlySet<unknown> = new Set(["lost", "gone"]);

/**
 * Finds a member's outages.
 *
 * @param entries What happened to the member, newest first.
 * @param options The present in unix milliseconds, and how many days to tell about, today included.
 */
export function uptimeOf(
  entries: readonly HistoryEntry[],
  options: { now: number; days: number },
): Uptime {
  const oldestFirst = [...entries].reverse();
  const spans = spansOf(oldestFirst, options.now);
  const unknown = unknownSpans(oldestFirst, options.now);
  const knownSince = oldestFirst[0]?.at ?? Infinity;
  const days = Array.from(
    { length: options.days },
    (_, back) => dayOf(back, { spans, unknown, knownSince, now: options.now }),
  );
  const since = Number.isFinite(knownSince) ? new Date(knownSince).toISOString() : null;
  return { since, days, outages: spans.map(viewSpan).reverse() };
}

function spansOf(oldestFirst: readonly HistoryEntry[], now: number): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const { at, type, detail } of oldestFirst) {
    if (type === "member-forgotten" && open !== undefined) {
      Object.assign(open, { to: at, ended: true });
      open = undefined;
    }
    if (type !== "member-state") continue;
    const isDown = DOWN.has(detail["to"]);
    if (isDown && open === undefined) {
      const silentMs = Number(detail["silentMs"] ?? 0);
      open = {
        from: at - silentMs,
        to: now,
        ended: false,
        cause: String(detail["cause"] ?? "silence"),
        planned: detail["paused"] === true,
      };
      spans.push(open);
    } else if (!isDown && open !== undefined) {
      Object.assign(open, { to: at, ended: true });
      open = undefined;
    }
  }
  return spans;
}

/** Times in which nobody expected the member: from each end of its record to the next beginning. */
function unknownSpans(oldestFirst: readonly HistoryEntry[], now: number): Interval[] {
  const spans: Interval[] = [];
  let since: number | undefined;
  for (const { at, type } of oldestFirst) {
    if (type === "member-forgotten") since ??= at;
    else if (type === "member-registered" && since !== undefined) {
      spans.push({ from: since, to: at });
      since = undefined;
    }
  }
  if (since !== undefined) spans.push({ from: since, to: now });
  return spans;
}

function sharedMs(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

/** What is known of a member. */
interface Knowledge {
  readonly spans: readonly Span[];
  readonly unknown: readonly Interval[];
  readonly knownSince: number;
  readonly now: number;
}

function dayOf(back: number, { spans, unknown, knownSince, now }: Knowledge): UptimeDay {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  start.setDate(start.getDate() - back);
  const end = new Date(start);
  // A day may have 23 or 25 hours.
  end.setDate(end.getDate() + 1);
  const from = Math.max(start.getTime(), knownSince);
  const to = Math.min(end.getTime(), now);
  let downMs = 0;
  let outages = 0;
  for (const span of spans) {
    if (span.planned) continue;
    const shared = sharedMs(span, { from, to });
    if (shared === 0) continue;
    downMs += shared;
    outages++;
  }
  const knownMs = unknown.reduce((left, gap) => left - sharedMs(gap, { from, to }), to - from);
  return {
    day: dayName(start),
    uptime: knownMs > 0 ? Math.max(0, 1 - downMs / knownMs) : null,
    downMs: Math.round(downMs),
    outages,
  };
}

function dayName(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function viewSpan({ from, to, ended, cause, planned }: Span): Outage {
  return {
    from: new Date(from).toISOString(),
    to: ended ? new Date(to).toISOString() : null,
    downMs: Math.round(Math.max(0, to - from)),
    cause,
    planned,
  };
}
