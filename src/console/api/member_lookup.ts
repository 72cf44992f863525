/**
 * Which member a path means.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import type { Host } from "../host.ts";
import { Refusal } from "./router.ts";

/** A member and the roster that keeps it. */
export interface Found {
  readonly roster: Roster;
  readonly member: Member;
}

/**
 * Finds a member by `PROTOCOL/IDENTITY`, or by its name alone if no other has that name.
 *
 * @throws {Refusal} if there is none, or more than one.
 */
export function findMember(host: Host, id: string): Found {
  const found = findExactly(host, id) ?? findByName(host, id);
  if (found !== undefined) return found;
  throw unknownMember(id);
}

function findByName(host: Host, id: string): Found | undefined {
  let named: Found | undefined;
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      if (member.name !== id) continue;
      if (named !== undefined) {
        throw new Refusal({
          status: 409,
          title: "Several members",
          detail: `Several members have the name "${id}": ask for one by its identity`,
        });
      }
      named = { roster, member };
    }
  }
  return named;
}

/**
 * Like {@linkcode findMember}, and makes up the names of a member that was never heard.
 *
 * @throws {Refusal} if no protocol has such an identity, or more than one member that name.
 */
export function parseMember(
  host: Host,
  id: string,
): { roster: Roster; ref: { id: string; name: string; address: string } } {
  const found = findExactly(host, id) ?? findByName(host, id);
  if (found !== undefined) return { roster: found.roster, ref: found.member };
  for (const roster of host.members.rosters()) {
    const prefix = `${roster.rules.protocol}/`;
    if (!id.startsWith(prefix)) continue;
    const ref = roster.rules.parseId?.(id.slice(prefix.length));
    if (ref !== undefined) return { roster, ref };
  }
  throw unknownMember(id);
}

/** Nobody has this identity. */
export function unknownMember(id: string): Refusal {
  const detail = `No member has the identity "${id}"`;
  return new Refusal({ status: 404, title: "No such member", detail });
}

function findExactly(host: Host, id: string): Found | undefined {
  for (const roster of host.members.rosters()) {
    const prefix = `${roster.rules.protocol}/`;
    const member = id.startsWith(prefix) ? roster.get(id.slice(prefix.length)) : undefined;
    if (member !== undefined) return { roster, member };
  }
  return undefined;
}
