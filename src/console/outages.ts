/**
 * Who failed how often and for how long in a period of days.
 *
 * @module
 */

import type { CalendarDay } from "../core/calendar.ts";
import { FirstFew } from "../core/first_few.ts";
import { compareNames } from "../core/name_order.ts";
import { nameOf } from "../core/notices.ts";
import type { Watched } from "../core/uptime_account.ts";
import { noFigures } from "../core/uptime_cells.ts";
import { type MemberFigures, type OutageSort, UptimeTally } from "../core/uptime_tally.ts";
import type { Host } from "./host.ts";
import { finish, inTurns } from "./turns.ts";
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

/** Adds up a period, in so many turns that nobody who beats has to wait for all of it. */
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
    await finish(tally.addDay(host.uptime.ofAll().on(day)));
    if (tally.isKnown) since ??= day.name;
  }
  const first = new FirstFew(offset + limit, ORDERS[sort]);
  await inTurns(everybody(host, tally.sums), (row) => first.add(row));
  return {
    timeZone: host.uptime.ofAll().timeZone,
    from,
    to,
    since,
    all: viewFigures(tally.total),
    members: first.list().slice(offset),
    total: first.total,
    latest: latest === 0 ? [] : await latestOf(host, period, latest),
  };
}

/** The latest outages of a period. */
async function latestOf(
  host: Watching,
  period: readonly CalendarDay[],
  most: number,
): Promise<NamedOutage[]> {
  const from = period[0]?.from ?? 0;
  const to = period.at(-1)?.to ?? 0;
  const outages = await finish(host.uptime.ofAll().latestOutages(from, most));
  return outages.filter(([, { fromMs }]) => fromMs < to).map(([watched, outage]) => {
    const { name, address } = whoIs(host, watched);
    const station = host.stations.get(address) ?? null;
    return { id: nameOf(watched), name, station, ...viewOutage(outage) };
  });
}

/** All members, and those who were some in the period. */
function* everybody(
  host: Watching,
  sums: ReadonlyMap<string, MemberFigures>,
): Generator<MemberOutages> {
  for (const roster of host.members.rosters()) {
    const { protocol } = roster.rules;
    for (const { id, name, address } of roster.values()) {
      const key = `${protocol}/${id}`;
      yield rowOf(host, { id: key, name, address, forgotten: false }, sums.get(key));
    }
  }
  for (const [key, sum] of sums) {
    const { name, address, isMember } = whoIs(host, sum.member);
    if (!isMember) yield rowOf(host, { id: key, name, address, forgotten: true }, sum);
  }
}

function rowOf(
  { stations }: Watching,
  who: Pick<MemberOutages, "id" | "name" | "address" | "forgotten">,
  sum: MemberFigures | undefined,
): MemberOutages {
  const station = stations.get(who.address) ?? null;
  return { ...who, station, ...viewFigures(sum?.figures ?? noFigures()) };
}

/** Somebody who is a member, or was one: of those, only what the identity says is known. */
function whoIs(
  { members }: Watching,
  { protocol, id }: Watched,
): { readonly name: string; readonly address: string; readonly isMember: boolean } {
  const roster = members.roster(protocol);
  const member = roster?.get(id);
  if (member !== undefined) return { name: member.name, address: member.address, isMember: true };
  return { ...(roster?.rules.parseId?.(id) ?? { name: id, address: "" }), isMember: false };
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
