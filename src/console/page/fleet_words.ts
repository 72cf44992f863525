/**
 * A fleet's hosts in words; the page says the same with and without JavaScript.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { Saying } from "../../core/phrase.ts";
import type { ConditionCounts, VerdictWord } from "../../core/verdict.ts";
import type { Condition } from "../../core/verdict.ts";
import type { FleetHost } from "../panels.ts";
import type { Speech } from "./speech.ts";
import { type ShownVerdict, VERDICT_LOOKS } from "./words.ts";

/** The content of a host's tile. */
export interface Tile {
  /** Class of the tile: its colour and sign. */
  readonly look: ShownVerdict;
  readonly name: string;
  readonly sentence: string;
  /** Whether the sentence is the host's own, which is English. */
  readonly isHosts: boolean;
  readonly members: string;
  /** The host's own console; null if other machines cannot reach it. */
  readonly url: string | null;
}

/** The order of verdicts on tiles, the worst first. */
const RANKS = Object.keys(VERDICT_LOOKS);

/** Describes a host. Its own report counts only while it is heard. */
export function tileOf(host: FleetHost, speech: Speech): Tile {
  const { state, counts, url } = host;
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  const look = lookOf(host);
  const isKnown = state === "ok" || state === "late" || state === "maintenance";
  const own = sentenceOf(host, speech);
  const members = isKnown ? "members.count" : "fleet.tile.unknown";
  return {
    look,
    name: host.host,
    sentence: `${VERDICT_LOOKS[look].sign} ${own ?? host.headline ?? ""}`,
    isHosts: own === undefined,
    members: speech.text(members, { count: total }),
    url: url !== null && /^https?:\/\//i.test(url) ? url : null,
  };
}

/** What can be said about a host in the page's language; undefined if only the host has words for it. */
function sentenceOf(host: FleetHost, { text, duration, say }: Speech): string | undefined {
  const { state, verdict, headline, silentMs, counts } = host;
  if (state === "maintenance") return text("verdict.host-maintenance");
  if (state === "lost" || state === "gone") {
    return silentMs === null
      ? text("fleet.tile.never")
      : text("fleet.tile.lost", { duration: duration(silentMs) });
  }
  if (state === "late") return text("fleet.tile.late", { duration: duration(silentMs ?? 0) });
  if (state === "unknown") {
    return silentMs === null
      ? text("state.unknown")
      : text("fleet.tile.deaf", { duration: duration(silentMs) });
  }
  // What the brokers remember of a host says nothing about now.
  if (state === "starting" || verdict === null || counts === null) return text("state.starting");
  const saying = countedSaying(verdict, counts);
  return saying === undefined ? undefined : say(saying, headline ?? "");
}

/** A host reports its headline in English; most headlines follow from the counts in the report. */
function countedSaying(verdict: VerdictWord, counts: ConditionCounts): Saying | undefined {
  const { lost, gone, late, starting, unknown, maintenance } = counts;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shares: Partial<Record<VerdictWord, number>> = {
    lost: lost + gone,
    late,
    starting: starting + unknown,
    maintenance,
  };
  const count = shares[verdict] ?? 0;
  if (count > 0) return { key: `verdict.${verdict}`, values: { count, total } };
  return verdict === "well" && total > 0 ? { key: "verdict.well", values: {} } : undefined;
}

/** The hosts grouped by label, in alphabetical order, the worst hosts first. */
export function hostGroups(
  hosts: readonly FleetHost[],
  { text }: Speech,
): [label: string, hosts: FleetHost[]][] {
  const groups = new Map<string, FleetHost[]>();
  for (const host of hosts) {
    const label = host.label ?? text("fleet.no-label");
    const group = groups.get(label) ?? [];
    group.push(host);
    groups.set(label, group);
  }
  for (const group of groups.values()) {
    group.sort((one, other) =>
      RANKS.indexOf(lookOf(one)) - RANKS.indexOf(lookOf(other)) ||
      compareNames(one.host, other.host)
    );
  }
  return [...groups].sort(([one], [other]) => compareNames(one, other));
}

function lookOf({ state, verdict }: FleetHost): ShownVerdict {
  switch (state) {
    case "lost":
    case "gone":
      return "lost";
    case "maintenance":
      return "maintenance";
    case "unknown":
    case "starting":
      return "starting";
    case "late":
      return verdict === "alarm" || verdict === "lost" ? verdict : "late";
    case "ok":
      return verdict ?? "starting";
  }
}

/** The word for the state of a member that was found. */
export const CONDITION_KEYS = {
  emergency: "games.emergency",
  lost: "state.lost",
  gone: "state.gone",
  late: "state.late",
  unknown: "strip.unknown",
  starting: "state.starting",
  maintenance: "state.paused",
  ok: "state.ok",
} as const satisfies Readonly<Record<Condition, string>>;
