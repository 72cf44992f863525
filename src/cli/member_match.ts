/**
 * Which member is meant by what someone typed.
 *
 * @module
 */

import type { MemberInfo } from "../clients/console_answers.ts";
import { membersMeant, PLACE_MARK, severalMeant } from "../core/member_names.ts";
import { didYouMean } from "./suggest.ts";

/**
 * The protocol assumed for a member that was never heard: only there do people choose identities.
 */
const PROTOCOL_OF_EXPECTED = "hilbert";
/** The default place of a program: the host itself. */
const OWN_ADDRESS = "127.0.0.1";

/** Whether the name may belong to a member that was never heard. */
export type MemberScope = "known" | "expected";

/** The console's id of a member, or a sentence that says why there is none. */
export type MemberMatch = { readonly id: string } | { readonly problem: string };

/**
 * Finds a member by its full id, by `NAME @ ADDRESS` or `NAME @ STATION`, or by its name if only one has
 * it.
 */
export function matchMember(
  typed: string,
  members: readonly MemberInfo[],
  scope: MemberScope = "known",
): MemberMatch {
  const exact = members.find(({ id }) => id === typed);
  if (exact !== undefined) return { id: exact.id };
  const meant = membersMeant(
    typed,
    members.map((member) => ({ ...member, id: identityOf(member.id), full: member.id })),
    ({ station }) => station ?? undefined,
  );
  const [first] = meant;
  if (first !== undefined && meant.length === 1) return { id: first.full };
  if (meant.length > 1) {
    // Two protocols may have the same identity.
    const isClear = new Set(meant.map(({ id }) => id)).size === meant.length;
    return { problem: severalMeant(typed, meant.map(({ id, full }) => isClear ? id : full)) };
  }
  if (scope === "expected") {
    const identity = typed.includes(PLACE_MARK) ? typed : `${typed}${PLACE_MARK}${OWN_ADDRESS}`;
    return { id: `${PROTOCOL_OF_EXPECTED}/${identity}` };
  }
  const guess = didYouMean(typed, members.flatMap(({ name, id }) => [name, identityOf(id)]));
  return {
    problem: `No member is named "${typed}"${
      guess === "" ? "; pulsebox members lists them" : guess
    }`,
  };
}

function identityOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
