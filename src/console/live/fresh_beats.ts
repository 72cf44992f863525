/**
 * Who was heard lately, for the pulse.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import type { Host } from "../host.ts";
import { PULSE_MEMBERS_MAX } from "./snapshot.ts";

/** Beats, silence (ms) and time left (ms) of a member. */
export type FreshBeat = [beats: number, silentMs: number, deadlineInMs: number | null];

/** The members that were heard since a moment, by identity. */
export function beatsSince(host: Host, since: number): Record<string, FreshBeat> {
  const now = host.now();
  const beats: Record<string, FreshBeat> = {};
  let seen = 0;
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      if (seen++ >= PULSE_MEMBERS_MAX) return beats;
      if (member.heardAt < since) continue;
      beats[`${roster.rules.protocol}/${member.id}`] = beatOf(roster, member, now);
    }
  }
  return beats;
}

function beatOf(roster: Roster, member: Member, now: number): FreshBeat {
  const deadline = roster.deadline(member);
  return [
    member.beats,
    Math.round(now - member.heardAt),
    Number.isFinite(deadline) ? Math.max(0, Math.round(deadline - now)) : null,
  ];
}
