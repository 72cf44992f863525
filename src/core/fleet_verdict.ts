/**
 * The verdict on a fleet: one word and one sentence about all hosts.
 *
 * @module
 */

import type { MemberState } from "./member.ts";
import type { VerdictWord } from "./verdict.ts";
import { type VerdictSaying, verdictSentence, type VerdictTextKey } from "./verdict_texts.ts";

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
  /** The headline's key and values, from which a page makes it in its language. */
  readonly saying: VerdictSaying;
  /** The verdict in one English sentence. */
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
  const [verdict, saying] = wordsOf(hosts, isDeaf);
  return { verdict, saying, headline: verdictSentence(saying) };
}

function wordsOf(hosts: readonly JudgedHost[], isDeaf: boolean): [VerdictWord, VerdictSaying] {
  if (isDeaf) return ["problem", { key: "fleet.deaf", values: {} }];
  if (hosts.length === 0) return ["starting", { key: "fleet.nobody", values: {} }];
  const count = (test: (host: JudgedHost) => boolean) => hosts.filter(test).length;
  const inState = (...states: MemberState[]) =>
    count(({ state }) => (states as string[]).includes(state));
  const saying = (word: VerdictWord) =>
    count(({ state, verdict }) => verdict === word && (state === "ok" || state === "late"));
  const total = hosts.length;
  const clauses: readonly (readonly [VerdictWord, number, VerdictTextKey])[] = [
    ["problem", saying("problem"), "fleet.problem"],
    ["alarm", saying("alarm"), "fleet.alarm"],
    ["lost", inState("lost", "gone"), "fleet.lost"],
    ["lost", saying("lost"), "fleet.with-lost"],
    ["late", inState("late"), "fleet.late"],
    ["late", saying("late"), "fleet.with-late"],
    ["starting", inState("starting", "unknown"), "fleet.starting"],
    ["starting", saying("starting"), "fleet.with-starting"],
    ["maintenance", count(({ state }) => state === "maintenance"), "fleet.maintenance"],
    ["maintenance", saying("maintenance"), "fleet.with-maintenance"],
  ];
  const told = clauses.filter(([, number]) => number > 0);
  // A known alarm or loss matters more than a fault of one host's Pulsebox.
  const worst = told.find(([word]) => word === "alarm") ?? told.find(([word]) => word === "lost") ??
    told[0];
  const values = { count: total };
  if (worst === undefined) return ["well", { key: "fleet.well", values }];
  const parts = [worst, ...told.filter((clause) => clause !== worst)]
    .map(([, number, key]) => ({ key, values: { count: number } }));
  return [worst[0], { key: "fleet.of", values, parts }];
}
