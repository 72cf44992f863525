/**
 * Long work in short turns of the event loop.
 *
 * @module
 */

import { sleep } from "../net/sleep.ts";

/** How long a turn may take, in milliseconds, before others have theirs. */
const TURN_MS = 4;
/** So many steps are taken before the clock is looked at. */
const STEPS_PER_LOOK = 16;

/** Finishes work that yields after each of its steps; whoever else waits has a turn now and then. */
export async function finish<R>(work: Iterator<unknown, R>): Promise<R> {
  let since = performance.now();
  for (let steps = 1;; steps++) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (steps % STEPS_PER_LOOK !== 0 || performance.now() - since < TURN_MS) continue;
    // Others have a turn when a timer does: the runtime looks for what has arrived only after some
    // sixty immediates.
    await sleep(0);
    since = performance.now();
  }
}

/** Makes something of each item, in as many turns as that takes. */
export async function inTurns<T, R>(items: Iterable<T>, make: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  await finish((function* () {
    for (const item of items) yield made.push(make(item));
  })());
  return made;
}
