/**
 * The verdict on a fleet: one word and one sentence about all hosts.
 *
 * @module
 */

import type { MemberState } from "./member.ts";
import type { VerdictWord } from "./verdict.ts";

/** A host as far as the fleet's verdict needs it. */
export interface JudgedHost {
  /** The state of the host itself. */
  readonly state: MemberState | "maintenance";
  /** The verdict that the host reported last; null if none. */
  readonly verdict: VerdictWord | null;
}

/** How a fleet is. */
export interface FleetVerdict {
  readonly verdict: VerdictWord;
  readonly headline: string;
}

/**
 * Judges a fleet by its worst host, with verdicts ranked as for one host. A console that does not
 * hear the fleet cannot judge it. The last report of a silent host does not count; the maintenance
 * of a host covers whatever it reports.
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
  // A known alarm or loss matters more than a fault of one host's Pulsebox.
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
