/**
 * `pulsebox outages`.
 *
 * @module
 */

import { UPTIME_DAYS_MAX } from "../../core/uptime_cells.ts";
import { OUTAGE_SORTS } from "../../core/uptime_tally.ts";
import type { MemberOutageInfo, OutageListing, OutagePeriod } from "../../clients/console.ts";
import type { OutageFigures } from "../../clients/console_answers.ts";
import type { Invocation } from "../command.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";
import { tabulate } from "../wrap.ts";
import type { OUTAGES_FLAGS } from "./flags.ts";

const MINUTE_MS = 60_000;

/** Writes a table of the members and their outages. */
export async function run(
  invocation: Invocation<typeof OUTAGES_FLAGS, "console">,
): Promise<number> {
  const { values, settings, terminal } = invocation;
  const { days, from, to, sort } = values;
  const problem = problemOf({ days, from, to, sort });
  if (problem !== undefined) {
    await terminal.complain(`pulsebox: ${problem}\n`);
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const given = Object.entries({ days, from, to, sort }).filter(([, value]) => value !== undefined);
  const listing = await client.outages(Object.fromEntries(given) as OutagePeriod);
  if (values.json === true) {
    await terminal.write(`${JSON.stringify(listing)}\n`);
    return STATUS_DONE;
  }
  // Beside the table, which is for programs too.
  await terminal.complain(`${periodOf(listing)}\n`);
  await terminal.write(renderOutages(listing));
  return STATUS_DONE;
}

/** What is wrong with the options, checked here because the console would say it in the words of its API. */
function problemOf(
  { days, from, to, sort }: { [K in keyof OutagePeriod]: string | undefined },
): string | undefined {
  if (
    days !== undefined &&
    !(/^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= UPTIME_DAYS_MAX)
  ) {
    return `--days is "${days}": must be a whole number from 1 to ${UPTIME_DAYS_MAX}`;
  }
  for (const [flag, day] of Object.entries({ from, to })) {
    if (day === undefined || isDay(day)) continue;
    return `--${flag} is "${day}": must be a day as 2026-11-01`;
  }
  if (days !== undefined && from !== undefined) return "Write --days or --from, not both";
  if (to !== undefined && from === undefined) return "Write --from, too: --to alone is no period";
  if (from !== undefined && to !== undefined && from > to) {
    return `--from ${from} is after --to ${to}`;
  }
  if (sort !== undefined && !OUTAGE_SORTS.some((order) => order === sort)) {
    return `--sort is "${sort}": must be one of ${OUTAGE_SORTS.join(", ")}`;
  }
  return undefined;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function periodOf({ from, to, since, timeZone }: OutageListing): string {
  if (since === null) return `Nothing is known of ${from} to ${to} (${timeZone})`;
  const known = since === from ? "" : `; the first day with data is ${since}`;
  return `${from} to ${to} (${timeZone})${known}`;
}

/** The table. */
export function renderOutages({ members, all }: OutageListing): string {
  return tabulate([
    ["NAME", "ADDRESS", "OUTAGES", "DOWN", "UPTIME", "NOTE"],
    ...members.map((member) => [
      member.name === "" ? "-" : member.name,
      member.station ?? (member.address === "" ? "-" : member.address),
      ...figuresOf(member),
      noteOf(member),
    ]),
    ["all", "", ...figuresOf(all), ""],
  ]);
}

function figuresOf({ outages, downMs, uptime }: OutageFigures): string[] {
  return [String(outages), duration(downMs), percent(uptime)];
}

function noteOf({ forgotten, plannedMs }: MemberOutageInfo): string {
  const parts = [
    ...(forgotten ? ["forgotten"] : []),
    ...(plannedMs >= MINUTE_MS ? [`maintenance ${duration(plannedMs)}`] : []),
  ];
  return parts.join(", ");
}

/** Rounded down: only what never failed has 100 %. */
function percent(share: number | null): string {
  return share === null ? "-" : `${(Math.floor(share * 10_000 + 1e-9) / 100)} %`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return `${Math.floor(ms / 1_000)}s`;
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
}
