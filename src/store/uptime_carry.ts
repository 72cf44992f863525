/**
 * Computes uptime from the history of versions that did not count it.
 *
 * @module
 */

import type { Calendar } from "../core/calendar.ts";
import { SECOND_MS } from "../core/clock.ts";
import type { PulseEvent } from "../core/events.ts";
import type { MemberState, Protocol, StateCause } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";
import { UptimeLedger } from "../core/uptime_ledger.ts";
import { WallTrack } from "../core/wall_track.ts";
import type { Database } from "./database.ts";
import { entriesOfRows, type HistoryEntry } from "./history_entry.ts";
import { MemberOutageTable } from "./member_outage_table.ts";
import { fromColumn } from "./text.ts";
import { UptimeTable } from "./uptime_table.ts";

/** Key of the unix time up to which time has been counted, in milliseconds. */
export const UPTIME_STAMP_KEY = "uptime-stamp";

/** Set by the step of the schema that finds a history and no uptime. */
const IS_DUE = `
  SELECT 1 FROM meta WHERE key = 'uptime-carry' AND NOT EXISTS (SELECT 1 FROM uptime_day)`;
const SETTLE = "DELETE FROM meta WHERE key = 'uptime-carry'";
const STAMP = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)";
const SELECT = "SELECT at_ms, type, protocol, id, detail FROM history ORDER BY seq";
const SELECT_LAST = `
  SELECT max(at_ms) AS last FROM
    (SELECT at_ms FROM history UNION ALL SELECT written_ms FROM member)`;
const SELECT_MEMBERS = "SELECT protocol, id FROM member";

/**
 * Counts uptime from the history of an older version, once. No effect on a database of a version that
 * counts uptime itself, although it may have counted nothing yet: a history knows less than a count,
 * for example not that the clock was set.
 *
 * @throws {StoreError} if the database cannot be read or written.
 */
export function carryHistory(database: Database, calendar: Calendar): void {
  if (database.prepare(IS_DUE).get() === undefined) return;
  const entries = entriesOfRows(database.prepare(SELECT).all());
  if (entries.length > 0) carry(database, calendar, entries);
}

function carry(database: Database, calendar: Calendar, entries: readonly HistoryEntry[]): void {
  const wallMs = Number(database.prepare(SELECT_LAST).get()?.["last"]);
  const members = new Set(
    database.prepare(SELECT_MEMBERS).all().map((row) =>
      nameOf({ protocol: String(row["protocol"]) as Protocol, id: fromColumn(String(row["id"])) })
    ),
  );
  const { changes } = replay(entries, wallMs, members, calendar);
  database.transaction("power-cut", () => {
    database.prepare(SETTLE).run();
    new UptimeTable(database).add(changes.accounts);
    database.prepare(STAMP).run(UPTIME_STAMP_KEY, String(wallMs));
    new MemberOutageTable(database).write([...changes.outages.values()]);
  });
}

/**
 * Counts uptime from entries.
 *
 * @param entries Oldest first, at least one.
 * @param wallMs Unix time up to which members are known to have been watched.
 * @param members Names of the members that are still watched.
 */
export function replay(
  entries: readonly HistoryEntry[],
  wallMs: number,
  members: ReadonlySet<string>,
  calendar: Calendar,
): UptimeLedger {
  const begin = entries[0]?.at ?? wallMs;
  const track = new WallTrack(begin, begin);
  const ledger = new UptimeLedger(track, calendar);
  const last = new Map(entries.map(({ member }, index) => [member && nameOf(member), index]));
  let at = begin;
  for (const [index, gapMs] of measuredGaps(entries).entries()) {
    const entry = entries[index];
    if (entry === undefined) break;
    at += gapMs;
    track.note(at, entry.at);
    const event = eventOf(entry, at);
    if (event !== undefined) ledger.take(event);
    const { member } = entry;
    if (member === undefined || members.has(nameOf(member))) continue;
    // What happened to the member after that is unknown.
    const ref = { ...member, name: "", address: "" };
    if (last.get(nameOf(member)) === index) {
      ledger.take({ type: "member-forgotten", at, member: ref, cause: "aged" });
    }
  }
  ledger.countAll(at + Math.max(0, wallMs - (entries.at(-1)?.at ?? wallMs)));
  return ledger;
}

/**
 * The gap before each entry. Timestamps come from the wall clock. If they disagree with a measured
 * silence, the clock was set or nobody watched, most likely in the longest gap.
 */
function measuredGaps(entries: readonly HistoryEntry[]): number[] {
  const gaps = entries.map(({ at, type, detail }, index) => {
    const gapMs = at - (entries[index - 1]?.at ?? at);
    const absentMs = type === "absence" ? Number(detail["absentMs"]) : 0;
    return Math.max(0, gapMs - absentMs);
  });
  const lost = new Map<string, { index: number; silentMs: number }>();
  for (const [index, { type, member, detail }] of entries.entries()) {
    // Silence in maintenance is excused: it says nothing about the length of the time.
    if (type === "member-paused" || type === "member-resumed") {
      if (member === undefined) lost.clear();
      else lost.delete(nameOf(member));
    }
    if (type !== "member-state" || member === undefined) continue;
    const name = nameOf(member);
    const silentMs = Number(detail["silentMs"]);
    if (detail["to"] === "lost") lost.set(name, { index, silentMs });
    if (detail["cause"] !== "heard") continue;
    const begin = lost.get(name);
    lost.delete(name);
    if (begin === undefined) continue;
    const between = gaps.slice(begin.index + 1, index + 1);
    const sumMs = between.reduce((sum, gapMs) => sum + gapMs, 0);
    const excessMs = sumMs - (silentMs - begin.silentMs);
    if (!(excessMs > SECOND_MS)) continue;
    const longestMs = between.reduce((longest, gapMs) => Math.max(longest, gapMs), 0);
    gaps[begin.index + 1 + between.indexOf(longestMs)] = Math.max(0, longestMs - excessMs);
  }
  return gaps;
}

function eventOf({ type, member, detail }: HistoryEntry, at: number): PulseEvent | undefined {
  const ref = member && { ...member, name: "", address: "" };
  switch (type) {
    case "member-state":
      return ref && {
        type,
        at,
        member: ref,
        from: String(detail["from"]) as MemberState,
        to: String(detail["to"]) as MemberState,
        cause: String(detail["cause"]) as StateCause,
        silentMs: Number(detail["silentMs"]) || 0,
        paused: detail["paused"] === true,
      };
    case "member-paused":
      return { type, at, member: ref, pause: { reason: "", until: Infinity } };
    case "member-resumed":
      return { type, at, member: ref, cause: "time" };
    case "member-forgotten":
      return ref && { type, at, member: ref, cause: "aged" };
    case "absence":
      return { type, at, absentMs: Number(detail["absentMs"]) || 0 };
    default:
      return undefined;
  }
}
