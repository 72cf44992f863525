/**
 * Who failed how often and for how long in a period of days.
 *
 * @module
 */

import type { CalendarDay } from "../core/calendar.ts";
import { compareNames } from "../core/name_order.ts";
import { nameOf } from "../core/notices.ts";
import type { Roster } from "../core/roster.ts";
import type { Watched } from "../core/uptime_account.ts";
import { noFigures } from "../core/uptime_cells.ts";
import { type MemberFigures, type OutageSort, UptimeTally } from "../core/uptime_tally.ts";
import { nextTurn } from "../net/tcp/turn_end.ts";
import type { Host } from "./host.ts";
import { type Outage, type UptimeFigures, viewFigures, viewOutage } from "./uptime.ts";

/** What is asked of a host. */
type Watching = Pick<Host, "members" | "stations" | "uptime">;

/** Which days, in what order, and how many members. */
export interface OutagesQuestion {
  /** So many days up to today, unless the period has a first day. */
  readonly days: number;
  /** First day of the period, `2026-11-01`. */
  readonly from?: string | undefined;
  /** Last day of the period; today if not given. */
  readonly to?: string | undefined;
  readonly sort: OutageSort;
  readonly limit: number;
  readonly offset: number;
  /** Outages to tell one by one. */
  readonly latest: number;
}

/** How a member was in the period. */
export interface MemberOutages extends UptimeFigures {
  /** `PROTOCOL/IDENTITY`. */
  id: string;
  name: string;
  address: string;
  station: string | null;
  /** True if it is no member any more. */
  forgotten: boolean;
}

/** An outage, and whose it is. */
export interface NamedOutage extends Outage {
  /** `PROTOCOL/IDENTITY`. */
  id: string;
  name: string;
  station: string | null;
}

/** How everybody was in the period. */
export interface Outages {
  /** The zone whose days these are. */
  timeZone: string;
  /** The first and the last day. */
  from: string;
  to: string;
  /** The first day of the period of which anything is known; null if there is none. */
  since: string | null;
  /** All members together. */
  all: UptimeFigures;
  members: MemberOutages[];
  /** The number of members; the list may hold fewer. */
  total: number;
  /** Outages that last, or lasted into the period, the latest first. */
  latest: NamedOutage[];
}

/** Adds up a period. It takes a turn for each day, so that nobody who beats has to wait for all of them. */
export async function viewOutages(host: Watching, question: OutagesQuestion): Promise<Outages> {
  const { sort, limit, offset, latest } = question;
  const kept = host.uptime.ofAll().days();
  const today = kept[0]?.name ?? "";
  const from = question.from ?? kept[Math.min(question.days, kept.length) - 1]?.name ?? today;
  const to = question.to ?? today;
  const tally = new UptimeTally();
  let since: string | null = null;
  const period = kept.filter(({ name }) => name >= from && name <= to).reverse();
  for (const day of period) {
    const parts = host.uptime.ofAll().on(day);
    if (parts.some(({ figures }) => figures.knownMs > 0)) since ??= day.name;
    tally.addDay(parts);
    await nextTurn();
  }
  const rows = listed(host, tally.sums);
  const members = [...rows.values()].sort(ORDERS[sort]);
  return {
    timeZone: host.uptime.ofAll().timeZone,
    from,
    to,
    since,
    all: viewFigures(tally.total),
    members: members.slice(offset, offset + limit),
    total: members.length,
    latest: latest === 0 ? [] : latestOf(host, rows, period, latest),
  };
}

/** The latest outages of a period. */
function latestOf(
  { uptime }: Watching,
  rows: ReadonlyMap<string, MemberOutages>,
  period: readonly CalendarDay[],
  most: number,
): NamedOutage[] {
  const from = period[0]?.from ?? 0;
  const to = period.at(-1)?.to ?? 0;
  return uptime.ofAll().latestOutages(from, most).flatMap(([member, outage]) => {
    const row = rows.get(nameOf(member));
    if (row === undefined || outage.fromMs >= to) return [];
    const { id, name, station } = row;
    return [{ id, name, station, ...viewOutage(outage) }];
  });
}

/** All members, and those who were some in the period. */
function listed(
  host: Watching,
  sums: ReadonlyMap<string, MemberFigures>,
): Map<string, MemberOutages> {
  const rows = new Map<string, MemberOutages>();
  const rosters = [...host.members.rosters()];
  for (const roster of rosters) {
    const { protocol } = roster.rules;
    for (const { id, name, address } of roster.values()) {
      const key = `${protocol}/${id}`;
      rows.set(key, rowOf(host, { id: key, name, address, forgotten: false }, sums.get(key)));
    }
  }
  for (const [key, sum] of sums) {
    if (rows.has(key)) continue;
    const { name, address } = remembered(rosters, sum.member);
    rows.set(key, rowOf(host, { id: key, name, address, forgotten: true }, sum));
  }
  return rows;
}

function rowOf(
  { stations }: Watching,
  who: Pick<MemberOutages, "id" | "name" | "address" | "forgotten">,
  sum: MemberFigures | undefined,
): MemberOutages {
  const station = stations.get(who.address) ?? null;
  return { ...who, station, ...viewFigures(sum?.figures ?? noFigures()) };
}

/** What an identity says of a member that is none any more. */
function remembered(
  rosters: readonly Roster[],
  { protocol, id }: Watched,
): { name: string; address: string } {
  const roster = rosters.find(({ rules }) => rules.protocol === protocol);
  return roster?.rules.parseId?.(id) ?? { name: id, address: "" };
}

type Order = (a: MemberOutages, b: MemberOutages) => number;

const byName: Order = (a, b) => compareNames(a.name, b.name) || compareNames(a.id, b.id);
const byOutages: Order = (a, b) => b.outages - a.outages;
const byDown: Order = (a, b) => b.downMs - a.downMs;
/** Members without a known uptime come last. */
const byUptime: Order = (a, b) => (a.uptime ?? 2) - (b.uptime ?? 2);

const ORDERS: Readonly<Record<OutageSort, Order>> = {
  outages: (a, b) => byOutages(a, b) || byDown(a, b) || byName(a, b),
  down: (a, b) => byDown(a, b) || byOutages(a, b) || byName(a, b),
  uptime: (a, b) => byUptime(a, b) || byDown(a, b) || byName(a, b),
  name: byName,
};
