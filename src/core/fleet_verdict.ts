/**
 * How a fleet is: one word and one sentence over all hosts.
 *
 * @module
 */

import type { MemberState } from "./member.ts";
import type { VerdictWord } from "./verdict.ts";

/** A host as far as the fleet's verdict needs it. */
export interface JudgedHost {
  /** Whether the host itself is heard. */
  readonly state: MemberState | "maintenance";
  /** What it said of itself last; null if nothing. */
  readonly verdict: VerdictWord | null;
}

/** How a fleet is. */
export interface FleetVerdict {
  readonly verdict: VerdictWord;
  readonly headline: string;
}

/**
 * Judges a fleet by the worst that there is, in the order of a host's verdict. A console that hears
 * nothing knows nothing. What a host that is not heard said last counts no more; maintenance of a
 * host covers what it says.
 *
 * @param isDeaf Whether this console does not hear the fleet.
 */
export function judgeFleet(hosts: readonly JudgedHost[], isDeaf: boolean): FleetVerdict {
  if (isDeaf) return { verdict: "problem", headline: "This console does not hear the fleet" };
  if (hosts.length === 0) return { verdict: "starting", headline: "No host has been heard yet" };
  const count = (test: (host: JudgedHost) => boolean) => hosts.filter(test).length;
  const inState = (...states: MemberState[]) =>
    count(({ state }) => (states as string[]).includes(state));
  const saying = (word: VerdictWord) =>
    count(({ state, verdict }) => verdict === word && (state === "ok" || state === "late"));
  const total = hosts.length;
  const problems = saying("problem");
  const lost = inState("lost", "gone");
  const clauses: readonly (readonly [VerdictWord, number, string])[] = [
    ["problem", problems, problems === 1 ? "needs attention itself" : "need attention themselves"],
    ["alarm", saying("alarm"), "in alarm"],
    ["lost", lost, "lost"],
    ["lost", saying("lost"), "with somebody lost"],
    ["late", inState("late"), "late"],
    ["late", saying("late"), "with somebody late"],
    ["starting", inState("starting", "unknown") + saying("starting"), "starting"],
    [
      "maintenance",
      count(({ state }) => state === "maintenance") + saying("maintenance"),
      "in maintenance",
    ],
  ];
  const told = clauses.filter(([, number]) => number > 0);
  // A fault of one host's Pulsebox says less than an alarm or a loss that is known.
  const worst = told.find(([word]) => word === "alarm") ?? told.find(([word]) => word === "lost") ??
    told[0];
  if (worst === undefined) {
    return {
      verdict: "well",
      headline: total === 1 ? "The one host is well" : `All ${total} hosts are well`,
    };
  }
  const parts = [worst, ...told.filter((clause) => clause !== worst)]
    .map(([, number, words]) => `${number} ${words}`);
  return {
    verdict: worst[0],
    headline: `Of ${total} ${total === 1 ? "host" : "hosts"}: ${parts.join(", ")}`,
  };
}
