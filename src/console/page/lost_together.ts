/**
 * Which hosts of a fleet were lost together, as behind a dead switch: they share one card.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";

/** Fewer have a card each. */
const TOGETHER_MIN = 3;
/** How long after the one before it a host of a group was lost at the most, in milliseconds. */
const APART_MS_MAX = 5_000;

/** What decides it. */
export type LostHost = Pick<
  MemberView,
  "id" | "protocol" | "station" | "since" | "acknowledgement"
>;

/** The groups among lost members; whoever is in none is lost alone. */
export function lostTogether<M extends LostHost>(members: readonly M[]): M[][] {
  const hosts = members.filter(({ protocol }) => protocol === "fleet");
  const alike = Map.groupBy(
    hosts,
    ({ station, acknowledgement }) =>
      JSON.stringify([station, acknowledgement?.by ?? null, acknowledgement?.at ?? null]),
  );
  return [...alike.values()].flatMap(inTime).filter(({ length }) => length >= TOGETHER_MIN);
}

/** Parts hosts where too much time lies between one and the next. */
function inTime<M extends LostHost>(hosts: readonly M[]): M[][] {
  const groups: M[][] = [];
  let before = -Infinity;
  for (const host of hosts.toSorted((one, other) => momentOf(one) - momentOf(other))) {
    const at = momentOf(host);
    const group = at - before > APART_MS_MAX ? undefined : groups.at(-1);
    if (group === undefined) groups.push([host]);
    else group.push(host);
    before = at;
  }
  return groups;
}

function momentOf({ since }: LostHost): number {
  return Date.parse(since);
}
