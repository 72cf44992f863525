/**
 * What people are to be told of a fleet's hosts that were lost, or came back, together: one message,
 * not one for each host of a dead switch.
 *
 * @module
 */

import type { NoticeKind } from "./notices.ts";

/**
 * How long the first of them waits for the others at the most, in milliseconds: hosts that fall
 * silent at one moment are lost within the interval of their beats.
 */
export const GATHER_MS_MAX = 6_000;

/** What may belong together. */
export interface Gathered {
  readonly kind: NoticeKind;
}

/** Whether more hosts may follow those that wait. */
export interface FleetOutlook {
  /** Some host has been silent for so long that it may be lost next. */
  readonly isSomebodyLate: boolean;
  /** Some lost host of which people were told, or will be, may come back. */
  readonly isSomebodyLost: boolean;
  /** Some loss waits to be written to the log. */
  readonly isClaimWaiting: boolean;
  /** The end of some outage waits to be written to the log. */
  readonly isEndWaiting: boolean;
}

/** Holds back what others may join. A host that is lost alone waits for nobody. */
export class FleetGathering<T extends Gathered> {
  /** By kind, with the time at which the first one came. */
  readonly #waiting = new Map<NoticeKind, { readonly since: number; readonly items: T[] }>();

  /** Takes one thing to tell. */
  add(item: T, now: number): void {
    const waiting = this.#waiting.get(item.kind);
    if (waiting === undefined) this.#waiting.set(item.kind, { since: now, items: [item] });
    else waiting.items.push(item);
  }

  /** What is to be told now, in groups of one kind; to be asked after each change, and each second. */
  due(now: number, outlook: FleetOutlook): T[][] {
    const groups: T[][] = [];
    for (const [kind, { since, items }] of this.#waiting) {
      if (now - since < GATHER_MS_MAX && mayMoreFollow(kind, outlook)) continue;
      this.#waiting.delete(kind);
      groups.push(items);
    }
    return groups;
  }
}

function mayMoreFollow(kind: NoticeKind, outlook: FleetOutlook): boolean {
  if (kind === "lost") return outlook.isSomebodyLate || outlook.isClaimWaiting;
  return kind === "recovered" && (outlook.isSomebodyLost || outlook.isEndWaiting);
}
