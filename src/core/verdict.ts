/**
 * The verdict on a host: one word and one sentence, the same for every page, tool, badge and
 * monitor.
 *
 * @module
 */

import type { MemberState } from "./member.ts";
import { type VerdictSaying, verdictSentence, type VerdictTextKey } from "./verdict_texts.ts";

/**
 * The verdicts, the worst first. There is none for a silent host: its listeners decide about that.
 */
export const VERDICT_WORDS = [
  "problem",
  "alarm",
  "lost",
  "late",
  "starting",
  "maintenance",
  "well",
] as const;

/** One of {@linkcode VERDICT_WORDS}. */
export type VerdictWord = typeof VERDICT_WORDS[number];

/** What a member can be to the verdict, the worst first. */
export const CONDITIONS = [
  "emergency",
  "lost",
  "gone",
  "late",
  "unknown",
  "starting",
  "maintenance",
  "ok",
] as const satisfies readonly (MemberState | "maintenance" | "emergency")[];

/**
 * How a member counts in the verdict: by its state, unless maintenance covers the state or the
 * member shows an emergency.
 */
export type Condition = typeof CONDITIONS[number];

/** A member as far as the verdict needs it. */
export interface JudgedMember {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  /** What the operator calls its host. */
  readonly station: string | null;
  readonly state: Condition;
  /** How long it has been in this state, in milliseconds. */
  readonly forMs: number;
  /** Who has said to look after it; null while nobody has. */
  readonly acknowledgedBy: string | null;
}

/** An alarm of an instrument that stands. */
export interface JudgedAlarm {
  readonly name: string;
  /** `PRIORITY_LOW`, `PRIORITY_MEDIUM` or `PRIORITY_HIGH`. */
  readonly priority: string;
}

/** What is judged. */
export interface Situation {
  /** Problems that keep Pulsebox from watching or notifying; one sentence each. */
  readonly problems: readonly string[];
  /** What an operator should mend or confirm; one sentence each. */
  readonly warnings: readonly string[];
  readonly alarms: readonly JudgedAlarm[];
  readonly members: Iterable<JudgedMember>;
  /** Further members, which are counted and not named. */
  readonly unnamed?: ConditionCounts;
  /** Number of registered phones; they are heard but are no members. */
  readonly phones: number;
  readonly isHostPaused: boolean;
}

/** How many members are in each condition. */
export type ConditionCounts = Readonly<Record<Condition, number>>;

/** How a host is. */
export interface Verdict {
  readonly verdict: VerdictWord;
  /** The headline's key and values, from which a page makes it in its language. */
  readonly saying: VerdictSaying;
  /** The verdict in one English sentence. */
  readonly headline: string;
  /**
   * Troubled members, the worst first; among equals, those that nobody has in maintenance come
   * first.
   */
  readonly members: readonly JudgedMember[];
  readonly counts: ConditionCounts;
  /** Problems that keep Pulsebox from watching or notifying; one sentence each. */
  readonly problems: readonly string[];
  /** What an operator should mend or confirm; one sentence each. */
  readonly warnings: readonly string[];
  /** The standing alarms, even if the headline names something worse. */
  readonly alarms: readonly JudgedAlarm[];
}

/** Members that a verdict names; the counts are of all. */
export const VERDICT_MEMBERS_MAX = 1_000;

/** Conditions that are named, the worst first. */
const TROUBLES: readonly Condition[] = CONDITIONS.filter((condition) =>
  condition !== "maintenance" && condition !== "ok"
);

/** Counts that begin. */
export function noConditions(): Record<Condition, number> {
  return {
    emergency: 0,
    lost: 0,
    gone: 0,
    late: 0,
    unknown: 0,
    starting: 0,
    maintenance: 0,
    ok: 0,
  };
}

/** Whether a verdict names one more member in a condition of which it names so many already. */
export function isNamed(condition: Condition, named: number): boolean {
  return named < VERDICT_MEMBERS_MAX && TROUBLES.includes(condition);
}

/**
 * Judges a host by its worst condition: Pulsebox itself, an emergency or alarm of high priority, a
 * lost or gone member, a late one or an alarm of medium priority, one that starts, maintenance.
 *
 * - A member in maintenance is never troubled by its silence. Emergencies and alarms are not
 *   silence: maintenance does not cover them.
 * - An expected member that has not been heard yet is starting; it is lost after its grace period.
 * - A host that has heard nobody yet is starting, not well: there is nothing to be well.
 * - Acknowledging says who looks after a member. It changes the order of names, never the verdict.
 * - An alarm of low priority is shown and does not count.
 */
export function judgeHost(situation: Situation): Verdict {
  const counts = { ...noConditions(), ...situation.unnamed };
  const lanes = new Map<Condition, JudgedMember[]>(TROUBLES.map((trouble) => [trouble, []]));
  for (const member of situation.members) {
    counts[member.state]++;
    const lane = lanes.get(member.state);
    if (lane !== undefined && lane.length < VERDICT_MEMBERS_MAX) lane.push(member);
  }
  const members = [...lanes.values()].flatMap((lane) => [
    ...lane.filter(({ acknowledgedBy }) => acknowledgedBy === null),
    ...lane.filter(({ acknowledgedBy }) => acknowledgedBy !== null),
  ]).slice(0, VERDICT_MEMBERS_MAX);
  const { problems, warnings } = situation;
  const alarms = situation.alarms.map(({ name, priority }) => ({ name, priority }));
  const handled = (...conditions: Condition[]) =>
    conditions.flatMap((condition) => lanes.get(condition) ?? [])
      .filter(({ acknowledgedBy }) => acknowledgedBy !== null).length;
  const [verdict, saying] = wordsOf(situation, counts, {
    lost: handled("lost", "gone"),
    late: handled("late"),
  });
  const headline = verdictSentence(saying);
  return { verdict, saying, headline, members, counts, problems, warnings, alarms };
}

/** How many of the lost and of the late members somebody looks after. */
type Handled = Readonly<Record<"lost" | "late", number>>;

function wordsOf(
  situation: Situation,
  counts: ConditionCounts,
  handled: Handled,
): [VerdictWord, VerdictSaying] {
  const { problems, warnings, alarms, phones, isHostPaused } = situation;
  const [problem] = [...problems, ...warnings];
  if (problem !== undefined) {
    // What is the matter with members is worth as many words: nobody may read past it.
    const [rest, saying] = wordsOf({ ...situation, problems: [], warnings: [] }, counts, handled);
    const values = { problem };
    return ["alarm", "lost", "late"].includes(rest)
      ? ["problem", { key: "verdict.and-problem", values, parts: saying.parts ?? [saying] }]
      : ["problem", { key: "verdict.problem", values }];
  }
  const high = alarms.filter(({ priority }) => priority === "PRIORITY_HIGH");
  const medium = alarms.filter(({ priority }) => priority === "PRIORITY_MEDIUM");
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { emergency, lost, gone, late, unknown, starting, maintenance } = counts;
  const share = (key: VerdictTextKey, count: number) => ({ key, values: { count, total } });
  const plain = (key: VerdictTextKey) => ({ key, values: {} });
  if (emergency + high.length > 0) return ["alarm", alarmSaying(emergency, high)];
  const trouble = (word: "lost" | "late", count: number): VerdictSaying => {
    const values = { count, total, handled: handled[word] };
    return handled[word] > 0
      ? { key: `verdict.${word}-handled`, values }
      : share(`verdict.${word}`, count);
  };
  if (lost + gone > 0) return ["lost", trouble("lost", lost + gone)];
  if (late > 0) return ["late", trouble("late", late)];
  if (medium.length > 0) return ["late", alarmSaying(0, medium)];
  const coming = starting + unknown;
  if (coming > 0) return ["starting", share("verdict.starting", coming)];
  if (isHostPaused) return ["maintenance", plain("verdict.host-maintenance")];
  if (total + phones === 0) return ["starting", plain("verdict.nobody")];
  if (maintenance > 0) return ["maintenance", share("verdict.maintenance", maintenance)];
  if (total === 0) return ["well", { key: "verdict.phones", values: { count: phones } }];
  return ["well", plain("verdict.well")];
}

function alarmSaying(emergency: number, alarms: readonly JudgedAlarm[]): VerdictSaying {
  const parts: VerdictSaying[] = [];
  if (emergency > 0) parts.push({ key: "verdict.emergency", values: { count: emergency } });
  const [first, ...others] = alarms;
  if (first !== undefined) {
    const values = { name: first.name, more: others.length };
    parts.push({ key: others.length === 0 ? "verdict.alarm" : "verdict.alarms", values });
  }
  const [only] = parts;
  return only !== undefined && parts.length === 1
    ? only
    : { key: "verdict.all-alarms", values: {}, parts };
}
