/**
 * All members at a glance, those that need attention first.
 *
 * @module
 */

import type { Member } from "../core/member.ts";
import { type Host, viewContext } from "./host.ts";
import { type MemberView, type PauseView, viewMember, viewPause } from "./member_view.ts";
import { phonesOf, type PhonesSummary } from "./panels.ts";

/** What the page says about all members. */
export interface Overview {
  /** At most the requested number; members that need attention come first. */
  members: MemberView[];
  total: number;
  /** Phones that are woken; they are not members. */
  phones: PhonesSummary | null;
  pause: PauseView | null;
}

/** Counts all members, and makes views of as many as fit into the rows. */
export function overview(host: Host, rowsMax: number): Overview {
  const context = viewContext(host);
  host.members.advance(context.now);
  const pause = viewPause(host.members.pause, context);
  const urgent: MemberView[] = [];
  const others: MemberView[] = [];
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      const isUrgent = pause === null && needsAttention(member);
      const lane = isUrgent ? urgent : others;
      if (lane.length < rowsMax) lane.push(viewMember(roster, member, context));
    }
  }
  const members = [...urgent, ...others].slice(0, rowsMax);
  return { members, total: host.members.size, phones: phonesOf(host.panels), pause };
}

function needsAttention({ state, pause }: Member): boolean {
  return pause === undefined && (state === "late" || state === "lost" || state === "gone");
}
