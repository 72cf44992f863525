/**
 * `pulsebox members`.
 *
 * @module
 */

import { visible } from "../../core/visible.ts";
import type { Invocation } from "../command.ts";
import type { MEMBERS_FLAGS } from "./flags.ts";
import type { MemberInfo, PhonesInfo } from "../../clients/console.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE } from "../exit_status.ts";
import { tabulate } from "../wrap.ts";

const RED = "\x1b[31m";
const YELLOW = "\x1b[33m";
const GREEN = "\x1b[32m";
const PLAIN = "\x1b[0m";

const COLORS: Readonly<Record<string, string>> = {
  ok: GREEN,
  late: YELLOW,
  lost: RED,
  gone: RED,
};

/** Writes a table of the members. */
export async function run(
  invocation: Invocation<typeof MEMBERS_FLAGS, "console">,
): Promise<number> {
  const { values, settings, terminal } = invocation;
  const client = await consoleClientOf(values, settings, invocation);
  const listing = await client.members();
  if (values.json === true) {
    await terminal.write(`${JSON.stringify(listing)}\n`);
    return STATUS_DONE;
  }
  // Beside the table, which is for programs too.
  await terminal.complain(`${visible(listing.headline)}\n`);
  if (listing.pause !== null) {
    await terminal.complain(`This host is in maintenance. ${visible(listing.pause.reason)}\n`);
  }
  const table = renderMembers(listing.members, listing.phones);
  await terminal.write(terminal.color ? colored(table, listing.members) : table);
  return STATUS_DONE;
}

/** The table, without colours. All phones are one line. */
export function renderMembers(
  members: readonly MemberInfo[],
  phones: PhonesInfo | null = null,
): string {
  return tabulate([
    ["STATE", "NAME", "ADDRESS", "SILENT", "PROMISED", "BEATS", "NOTE"],
    ...members.map((member) => [
      member.pause === null ? member.state : `${member.state} (paused)`,
      member.name === "" ? "-" : member.name,
      member.station ?? member.address,
      member.beats === 0 ? "-" : seconds(member.silentMs),
      seconds(member.promiseMs),
      String(member.beats),
      noteOf(member),
    ]),
    ...(phones === null || phones.count === 0 ? [] : [phonesRow(phones)]),
  ]);
}

function phonesRow({ count, newest }: PhonesInfo): string[] {
  const name = count === 1 ? "1 phone" : `${count} phones`;
  const place = newest === null ? "-" : `newest: ${newest.address}`;
  const silence = newest === null ? "-" : seconds(newest.registeredMs);
  return ["ok", name, place, silence, "-", "-", "pulsebox trigger list"];
}

function noteOf({ pause }: MemberInfo): string {
  if (pause === null) return "";
  const until = pause.until === null ? "" : `until ${pause.until} `;
  return `${until}${pause.reason}`.trimEnd();
}

function colored(table: string, members: readonly MemberInfo[]): string {
  const lines = table.split("\n");
  return lines.map((line, index) => {
    const state = members[index - 1]?.state ?? "";
    const color = COLORS[state];
    return color === undefined ? line : `${color}${state}${PLAIN}${line.slice(state.length)}`;
  }).join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}
