/**
 * Finds the member that a path names.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import { membersMeant, PLACE_MARK, severalMeant } from "../../core/member_names.ts";
import type { Roster } from "../../core/roster.ts";
import type { Host } from "../host.ts";
import { Refusal } from "./router.ts";

/** A member and the roster that keeps it. */
export interface Found {
  readonly roster: Roster;
  readonly member: Member;
}

/**
 * Finds a member by `PROTOCOL/IDENTITY`, `NAME @ ADDRESS`, `NAME @ STATION`, or by its name alone
 * if the name is unique.
 *
 * @throws {Refusal} if there is none, or more than one.
 */
export function findMember(host: Host, id: string): Found {
  const found = lookUp(host, id);
  if (found !== undefined) return found;
  throw unknownMember(id);
}

function lookUp(host: Host, id: string): Found | undefined {
  const exact = findExactly(host, id);
  if (exact !== undefined) return exact;
  const found = [...host.members.rosters()].flatMap((roster) =>
    membersMeant(textFor(roster, id), roster.values(), ({ address }) => host.stations.get(address))
      .map((member) => ({ roster, member }))
  );
  if (found.length > 1) {
    const candidates = found.map(({ roster, member }) => `${roster.rules.protocol}/${member.id}`);
    throw new Refusal({
      status: 409,
      title: "Several members",
      detail: severalMeant(id, candidates),
    });
  }
  return found[0];
}

/** Strips the protocol from a name such as `hilbert/tetris @ Foyer`. */
function textFor({ rules: { protocol } }: Roster, id: string): string {
  return id.startsWith(`${protocol}/`) ? id.slice(protocol.length + 1) : id;
}

/**
 * Finds a member like {@linkcode findMember}, but also accepts a member that was never heard,
 * written `PROTOCOL/NAME @ PLACE` with an address or a station as its place.
 *
 * @throws {Refusal} if no protocol has such an identity, or more than one member has that name.
 */
export function parseMember(
  host: Host,
  id: string,
): { roster: Roster; ref: { id: string; name: string; address: string } } {
  const found = lookUp(host, id);
  if (found !== undefined) return { roster: found.roster, ref: found.member };
  for (const roster of host.members.rosters()) {
    const prefix = `${roster.rules.protocol}/`;
    if (!id.startsWith(prefix)) continue;
    const ref = roster.rules.parseId?.(withAddress(host, id.slice(prefix.length)));
    if (ref !== undefined) return { roster, ref };
  }
  throw unknownMember(id);
}

/** An identity in which the station's name is replaced by its address. */
function withAddress(host: Host, identity: string): string {
  for (const [address, name] of host.stations) {
    const end = `${PLACE_MARK}${name}`;
    if (identity.endsWith(end)) {
      return identity.slice(0, identity.length - name.length) + address;
    }
  }
  return identity;
}

/** The refusal if nobody has this identity. */
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
