/**
 * Which member is meant by what someone typed.
 *
 * @module
 */

import type { MemberInfo } from "../clients/console.ts";
import { didYouMean } from "./suggest.ts";

/** The protocol of an identity that was typed in full, since only its names have an address. */
const PROTOCOL_OF_IDENTITIES = "hilbert";

/** The console's id of a member, or the sentence that tells why there is none. */
export type MemberMatch = { readonly id: string } | { readonly problem: string };

/**
 * Finds a member by its full id, by `NAME @ ADDRESS`, or by its name if only one has it. A full
 * `NAME @ ADDRESS` that nobody has is taken as it is: it may be paused before its first start.
 */
export function matchMember(typed: string, members: readonly MemberInfo[]): MemberMatch {
  const exact = members.find(({ id }) => id === typed || identityOf(id) === typed);
  if (exact !== undefined) return { id: exact.id };
  const named = members.filter(({ name }) => name === typed);
  const [first] = named;
  if (first !== undefined && named.length === 1) return { id: first.id };
  if (named.length > 1) {
    const choices = named.map(({ id }) => `"${identityOf(id)}"`).join(", ");
    return {
      problem: `"${typed}" is the name of ${named.length} members: write one of ${choices}`,
    };
  }
  if (/^.* @ \S+$/.test(typed)) return { id: `${PROTOCOL_OF_IDENTITIES}/${typed}` };
  const guess = didYouMean(typed, members.map(({ name }) => name));
  return {
    problem: `No member is named "${typed}"${
      guess === "" ? "; write 'NAME @ ADDRESS' for one that was not heard yet" : guess
    }`,
  };
}

function identityOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
