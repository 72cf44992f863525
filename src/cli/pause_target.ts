/**
 * What a maintenance is about.
 *
 * @module
 */

import type { ConsoleClient } from "../clients/console.ts";
import { matchMember } from "./member_match.ts";

/** The intended member or host, or a sentence about the mistake. */
export type PauseTarget =
  | { readonly id: string | undefined; readonly label: string }
  | { readonly problem: string; readonly kind: "use" | "unknown" };

/**
 * Finds what is meant by a typed name, or by `--all`.
 *
 * @throws {ConsoleError} if the console does not answer.
 */
export async function findTarget(
  client: ConsoleClient,
  typed: string | undefined,
  scope: "host" | "member" | "expected",
): Promise<PauseTarget> {
  if (scope === "host") {
    if (typed !== undefined) return { problem: `Write "${typed}" or --all, not both`, kind: "use" };
    return { id: undefined, label: "this host" };
  }
  if (typed === undefined) return { problem: "Write which APP, or --all", kind: "use" };
  const { members } = await client.members();
  const match = matchMember(typed, members, scope === "expected" ? scope : "known");
  if ("problem" in match) return { problem: match.problem, kind: "unknown" };
  return { id: match.id, label: match.id.slice(match.id.indexOf("/") + 1) };
}
