/**
 * Which members are shown, in which groups, and in which order. The order never depends on the
 * state.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { MemberView } from "../member_view.ts";

/** How members are grouped. */
export const GROUPINGS = ["station", "host", "protocol", "none"] as const;

/** One of {@linkcode GROUPINGS}. */
export type Grouping = typeof GROUPINGS[number];

/** Which states are shown. */
export const FILTERS = ["all", "attention", "ok", "maintenance"] as const;

/** One of {@linkcode FILTERS}. */
export type Filter = typeof FILTERS[number];

/** What somebody searches for. */
export interface Wish {
  readonly text: string;
  readonly filter: Filter;
  readonly tag: string;
}

/** The group of a member; empty if there are no groups. */
export function groupOf(
  { station, address, protocol }: Pick<MemberView, "station" | "address" | "protocol">,
  grouping: Grouping,
): string {
  switch (grouping) {
    case "station":
      return station ?? address;
    case "host":
      return address;
    case "protocol":
      return protocol;
    case "none":
      return "";
  }
}

/** The best grouping for these members: stations if there are any, else hosts, else none. */
export function groupingFor(members: Iterable<Pick<MemberView, "station" | "address">>): Grouping {
  const addresses = new Set<string>();
  for (const { station, address } of members) {
    if (station !== null) return "station";
    addresses.add(address);
  }
  return addresses.size > 1 ? "host" : "none";
}

/** By name, then by identity, so that it never changes. */
export function byName(a: MemberView, b: MemberView): number {
  return compareNames(a.name, b.name) || compareNames(a.id, b.id);
}

/** Whether a member matches a search. */
export function isWanted(member: MemberView, { text, filter, tag }: Wish): boolean {
  const { state, pause, tags } = member;
  const isPaused = pause !== null;
  if (filter === "attention" && (isPaused || state === "ok" || state === "starting")) return false;
  if (filter === "ok" && (isPaused || state !== "ok")) return false;
  if (filter === "maintenance" && !isPaused) return false;
  if (tag !== "" && !tags.includes(tag)) return false;
  const words = text.trim().toLowerCase();
  if (words === "") return true;
  return [member.id, member.station ?? "", ...tags].some((part) =>
    part.toLowerCase().includes(words)
  );
}
