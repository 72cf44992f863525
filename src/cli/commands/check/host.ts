/**
 * Turns a host's verdict into the line and exit status of a monitoring plug-in.
 *
 * @module
 */

import type { JudgedMember, Verdict as HostVerdict, VerdictWord } from "../../../core/verdict.ts";
import { STATUS_OF_WORD, type Verdict } from "./verdict.ts";
import { visible } from "../../../core/visible.ts";

/** The status words of a plug-in, the worst first: UNKNOWN may hide more than WARNING. */
const PLUGIN_WORDS = ["CRITICAL", "UNKNOWN", "WARNING", "OK"] as const;
type PluginWord = typeof PLUGIN_WORDS[number];

/** The mildest status of each verdict; the details of the verdict may make it worse. */
const WORD_OF_VERDICT: Readonly<Record<VerdictWord, PluginWord>> = {
  problem: "WARNING",
  alarm: "CRITICAL",
  lost: "CRITICAL",
  late: "WARNING",
  starting: "OK",
  maintenance: "OK",
  well: "OK",
};

/** Members that the line names; the others are counted. */
const NAMES_MAX = 10;
/** Characters of a name in the line; the rest is cut. */
const NAME_LENGTH_MAX = 60;

/**
 * Judges a whole host for a monitor.
 *
 * - CRITICAL: a member is lost or gone and not in maintenance, a game client is in an emergency, or
 *   an alarm of high priority stands, whatever else the headline tells.
 * - UNKNOWN: a role does not work, so that silence means nothing; or no member was heard yet.
 * - WARNING: a member is late, an alarm of medium priority stands, or Pulsebox has a warning.
 */
export function judgeVerdict(host: HostVerdict): Verdict {
  const { emergency, lost, gone, late } = host.counts;
  const total = Object.values(host.counts).reduce((sum, count) => sum + count, 0);
  const has = (priority: string) => host.alarms.some((alarm) => alarm.priority === priority);
  const words = new Set<PluginWord>([WORD_OF_VERDICT[host.verdict]]);
  if (emergency + lost + gone > 0 || has("PRIORITY_HIGH")) words.add("CRITICAL");
  if (host.problems.length > 0) words.add("UNKNOWN");
  if (host.verdict === "starting" && total === 0) words.add("UNKNOWN");
  if (late > 0 || has("PRIORITY_MEDIUM") || host.warnings.length > 0) words.add("WARNING");
  const word = PLUGIN_WORDS.find((one) => words.has(one)) ?? "UNKNOWN";
  const figures = Object.entries(host.counts).map(([state, count]) => `${state}=${count}`);
  return {
    line: `${word} - ${visible(textOf(host))} | members=${total} ${figures.join(" ")} ` +
      `alarms=${host.alarms.length}`,
    status: STATUS_OF_WORD.get(word) ?? 3,
  };
}

function textOf({ headline, verdict, members, counts, alarms }: HostVerdict): string {
  // If the headline is about a problem of Pulsebox itself, append what it hides.
  const hidden = verdict === "problem" ? alarms.map(({ name }) => `alarm ${name}`) : [];
  const names = members.slice(0, NAMES_MAX).map(nameOf);
  const { emergency, lost, gone, late, unknown, starting } = counts;
  const rest = emergency + lost + gone + late + unknown + starting - names.length;
  const more = rest > 0 && names.length > 0 ? [`and ${rest} more`] : [];
  const told = [...hidden.slice(0, NAMES_MAX), ...names, ...more];
  return told.length === 0 ? headline : `${headline}: ${told.join(", ")}`;
}

function nameOf({ id, name, station, state }: JudgedMember): string {
  const text = name === "" ? id : station === null ? name : `${name} @ ${station}`;
  const characters = [...text];
  const shown = characters.length <= NAME_LENGTH_MAX
    ? text
    : `${characters.slice(0, NAME_LENGTH_MAX - 1).join("")}…`;
  return `${shown} (${state})`;
}
