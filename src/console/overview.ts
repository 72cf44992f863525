/**
 * All members at a glance, those that need attention first.
 *
 * @module
 */

import type { Member } from "../core/member.ts";
import type { Roster } from "../core/roster.ts";
import { type Host, viewContext } from "./host.ts";
import { type MemberView, type PauseView, viewMember, viewPause } from "./member_view.ts";
import { phonesOf, type PhonesSummary } from "./panels.ts";
import { inTurns } from "./turns.ts";

/** What the page says about all members. */
export interface Overview {
  /** At most the requested number; members that need attention come first. */
  members: MemberView[];
  total: number;
  /** Phones that are woken; they are not members. */
  phones: PhonesSummary | null;
  pause: PauseView | null;
}

/** A member and the roster that it is in. */
export type Listed = readonly [roster: Roster, member: Member];

/** Counts all members, and makes views of as many as fit into the rows. */
export async function overview(host: Host, rowsMax: number): Promise<Overview> {
  const members = await inTurns(
    listed(host, rowsMax),
    ([roster, member]) => viewMember(roster, member, viewContext(host)),
  );
  const pause = viewPause(host.members.pause, viewContext(host));
  return { members, total: host.members.size, phones: phonesOf(host.panels), pause };
}

/** As many members as fit into the rows; those that need attention come first. */
export function listed(host: Host, rowsMax: number): Listed[] {
  host.members.advance(host.now());
  const isHostPaused = host.members.pause !== undefined;
  const urgent: Listed[] = [];
  const others: Listed[] = [];
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      const lane = !isHostPaused && needsAttention(roster, member) ? urgent : others;
      if (lane.length < rowsMax) lane.push([roster, member]);
    }
  }
  return [...urgent, ...others].slice(0, rowsMax);
}

function needsAttention(roster: Roster, member: Member): boolean {
  const state = roster.stateOf(member);
  return member.pause === undefined && (state === "late" || state === "lost" || state === "gone");
}
