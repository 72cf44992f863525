/**
 * Selects the members of a list.
 *
 * @module
 */

import * as z from "zod/mini";
import { type Member, MEMBER_STATES } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import type { Host } from "../host.ts";
import { count, MEMBERS_PER_ANSWER_DEFAULT, MEMBERS_PER_ANSWER_MAX } from "./schemas.ts";

/** Which members to list. */
export const MembersQuery = z.object({
  limit: z.prefault(count(1, MEMBERS_PER_ANSWER_MAX), String(MEMBERS_PER_ANSWER_DEFAULT)),
  offset: z.prefault(count(0, Number.MAX_SAFE_INTEGER), "0"),
  /** Only members in this state; a member in maintenance counts as being in no other state. */
  state: z.optional(z.enum([...MEMBER_STATES, "maintenance"])),
  /** Only members of this station, or of this address if it has no station. */
  group: z.optional(z.string()),
  /** Only members with this tag. */
  tag: z.optional(z.string()),
});

/** A checked query. */
export type MembersQuestion = z.output<typeof MembersQuery>;

/** Whether a query selects a member. */
export function isMeant(
  host: Host,
  roster: Roster,
  member: Member,
  { state: wanted, group, tag }: MembersQuestion,
): boolean {
  const { address, pause } = member;
  const isPaused = pause !== undefined || host.members.pause !== undefined;
  if (wanted !== undefined && wanted !== (isPaused ? "maintenance" : roster.stateOf(member))) {
    return false;
  }
  if (group !== undefined && group !== (host.stations.get(address) ?? address)) return false;
  return tag === undefined || host.tags.of(roster.ref(member)).includes(tag);
}
