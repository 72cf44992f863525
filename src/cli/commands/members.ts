/**
 * `pulsebox members`.
 *
 * @module
 */

import { visible } from "../../core/visible.ts";
import type { Invocation } from "../command.ts";
import { MEMBER_CONDITIONS, type MEMBERS_FLAGS } from "./flags.ts";
import type { MemberInfo, PhonesInfo } from "../../clients/console.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";
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
  const { state, group, tag } = values;
  if (state !== undefined && !MEMBER_CONDITIONS.some((condition) => condition === state)) {
    const problem = `--state is "${state}": must be one of ${MEMBER_CONDITIONS.join(", ")}`;
    await terminal.complain(`pulsebox: ${problem}\n`);
    return STATUS_WRONG_USE;
  }
  const listing = await client.members({
    ...(state === undefined ? {} : { state }),
    ...(group === undefined ? {} : { group }),
    ...(tag === undefined ? {} : { tag }),
  });
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
    ["STATE", "NAME", "ADDRESS", "SILENT", "PROMISED", "BEATS", "24 H", "NOTE"],
    ...members.map((member) => [
      member.pause === null ? member.state : `${member.state} (paused)`,
      member.name === "" ? "-" : member.name,
      member.station ?? member.address,
      member.beats === 0 ? "-" : seconds(member.silentMs),
      seconds(member.promiseMs),
      String(member.beats),
      percent(member.uptime24h),
      noteOf(member),
    ]),
    ...(phones === null || phones.count === 0 ? [] : [phonesRow(phones)]),
  ]);
}

function phonesRow({ count, newest }: PhonesInfo): string[] {
  const name = count === 1 ? "1 phone" : `${count} phones`;
  const place = newest === null ? "-" : `newest: ${newest.address}`;
  const silence = newest === null ? "-" : seconds(newest.registeredMs);
  return ["ok", name, place, silence, "-", "-", "-", "pulsebox trigger list"];
}

/** Rounded down: only what never failed has 100 %. */
function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "-" : `${Math.floor(share * 1_000) / 10} %`;
}

function noteOf({ pause, acknowledgement }: MemberInfo): string {
  if (pause === null && acknowledgement) {
    const { by, note } = acknowledgement;
    return `${by} is on it${note === "" ? "" : `: ${note}`}`;
  }
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
