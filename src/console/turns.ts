/**
 * Long work in short turns of the event loop.
 *
 * @module
 */

import { sleep } from "../net/sleep.ts";

/** Items of one turn: what the console makes of each takes some ten microseconds. */
const ITEMS_PER_TURN = 100;

/** Makes something of each item; between two hundreds, whoever else waits has a turn. */
export async function inTurns<T, R>(items: readonly T[], make: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  for (let from = 0; from < items.length; from += ITEMS_PER_TURN) {
    if (from > 0) await nextTurn();
    for (const item of items.slice(from, from + ITEMS_PER_TURN)) made.push(make(item));
  }
  return made;
}

/** Lets everybody else who waits have a turn. */
export function nextTurn(): Promise<void> {
  return sleep(0);
}
