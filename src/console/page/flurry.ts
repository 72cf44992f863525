/**
 * A member that comes and goes must hide no other in a list of events.
 *
 * @module
 */

import type { HistoryView } from "../history_view.ts";

/** Changes of state that come as close as this belong together, in milliseconds. */
const FLURRY_GAP_MS = 600_000;
/** So many of them are one line. */
const FLURRY_MIN = 8;
const CHANGES: ReadonlySet<string> = new Set(["member-state", "member-flapping"]);

/** Several changes of a member that flaps, as one entry. */
export interface Flurry {
  readonly flaps: number;
  readonly member: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Makes one entry of the changes of state of a member that comes and goes, so that it hides no other.
 *
 * @param entries The newest first.
 */
export function condensed(entries: readonly HistoryView[]): (HistoryView | Flurry)[] {
  const flurries = new Map<HistoryView, HistoryView[]>();
  const current = new Map<string, HistoryView>();
  for (const entry of entries) {
    if (!CHANGES.has(entry.type) || entry.member === null) continue;
    const head = current.get(entry.member);
    const flurry = head && flurries.get(head);
    const last = flurry?.at(-1);
    if (last !== undefined && Date.parse(last.at) - Date.parse(entry.at) <= FLURRY_GAP_MS) {
      flurry?.push(entry);
      continue;
    }
    flurries.set(entry, [entry]);
    current.set(entry.member, entry);
  }
  const hidden = new Set<HistoryView>();
  const shown = new Map<HistoryView, Flurry>();
  for (const [head, flurry] of flurries) {
    const oldest = flurry.at(-1);
    if (flurry.length < FLURRY_MIN || oldest === undefined || head.member === null) continue;
    for (const entry of flurry) hidden.add(entry);
    shown.set(head, { flaps: flurry.length, member: head.member, from: oldest.at, to: head.at });
  }
  return entries.flatMap((entry) => shown.get(entry) ?? (hidden.has(entry) ? [] : entry));
}
