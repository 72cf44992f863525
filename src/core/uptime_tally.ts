/**
 * How everybody was in a period of several days.
 *
 * @module
 */

import { nameOf } from "./notices.ts";
import type { Watched } from "./uptime_account.ts";
import { addFigures, addLater, type Figures, fitDown, noFigures } from "./uptime_cells.ts";

/** Orders in which everybody's figures are listed: most outages first, most time down, least uptime. */
export const OUTAGE_SORTS = ["outages", "down", "uptime", "name"] as const;

/** One of {@linkcode OUTAGE_SORTS}. */
export type OutageSort = typeof OUTAGE_SORTS[number];

/** Somebody's figures of a period, or of a part of it. */
export interface MemberFigures {
  readonly member: Watched;
  readonly figures: Readonly<Figures>;
}

/** Adds up days, the earliest first. */
export class UptimeTally {
  readonly #sums = new Map<string, { member: Watched; figures: Figures }>();
  #isKnown = false;

  /** Whether any time of anybody is known. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /**
   * Adds the next day; yields after each step, since a hundred thousand members take long.
   *
   * @param parts Figures of that day. Those of one member add up, wherever they come from.
   */
  *addDay(parts: Iterable<MemberFigures | undefined>): Generator<void> {
    const day = new Map<string, { member: Watched; figures: Figures }>();
    for (const part of parts) {
      if (part !== undefined) addFigures(placeOf(day, part.member), part.figures);
      yield;
    }
    for (const { member, figures } of day.values()) {
      fitDown(figures);
      this.#isKnown ||= figures.knownMs > 0;
      yield addLater(placeOf(this.#sums, member), figures);
    }
  }

  /** The figures of all known members, by name. */
  get sums(): ReadonlyMap<string, MemberFigures> {
    return this.#sums;
  }

  /** The figures of all of them together. */
  get total(): Figures {
    const total = noFigures();
    for (const { figures } of this.#sums.values()) addFigures(total, figures);
    return total;
  }
}

function placeOf(
  sums: Map<string, { member: Watched; figures: Figures }>,
  member: Watched,
): Figures {
  const name = nameOf(member);
  let sum = sums.get(name);
  if (sum === undefined) sums.set(name, sum = { member, figures: noFigures() });
  return sum.figures;
}
