/**
 * A fleet's hosts in words; the page says the same with and without JavaScript.
 *
 * @module
 */

import type { FleetHost } from "../panels.ts";
import { duration, type ShownVerdict, VERDICT_LOOKS } from "./words.ts";

/** What stands on the tile of a host. */
export interface Tile {
  /** Class of the tile: its colour and sign. */
  readonly look: ShownVerdict;
  readonly name: string;
  readonly sentence: string;
  readonly members: string;
  /** The host's own console; null if nobody else reaches it. */
  readonly url: string | null;
}

/** The heading of hosts without a label. */
const NO_LABEL = "Hosts";

/** The order of verdicts on tiles, the worst first. */
const RANKS = Object.keys(VERDICT_LOOKS);

/** Describes a host. Its own report counts only while it is heard. */
export function tileOf(host: FleetHost): Tile {
  const { state, verdict, headline, silentMs, counts, url } = host;
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  const look = lookOf(host);
  const silent = silentMs === null ? "never heard" : `silent for ${duration(silentMs)}`;
  const said = state === "maintenance"
    ? "In maintenance"
    : state === "lost" || state === "gone"
    ? `Lost, ${silent}`
    : state === "late"
    ? `Late, ${silent}`
    : verdict === null
    ? "Starting"
    : headline ?? "";
  const isKnown = state !== "lost" && state !== "gone";
  const people = `${total} ${total === 1 ? "member" : "members"}`;
  return {
    look,
    name: host.host,
    sentence: `${VERDICT_LOOKS[look].sign} ${said}`,
    members: isKnown ? people : `${people}: not known`,
    url: url !== null && /^https?:\/\//i.test(url) ? url : null,
  };
}

/** The hosts grouped by label, in alphabetical order, the worst hosts first. */
export function hostGroups(hosts: readonly FleetHost[]): [label: string, hosts: FleetHost[]][] {
  const groups = new Map<string, FleetHost[]>();
  for (const host of hosts) {
    const label = host.label ?? NO_LABEL;
    const group = groups.get(label) ?? [];
    group.push(host);
    groups.set(label, group);
  }
  for (const group of groups.values()) {
    group.sort((one, other) =>
      RANKS.indexOf(lookOf(one)) - RANKS.indexOf(lookOf(other)) ||
      one.host.localeCompare(other.host)
    );
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
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
