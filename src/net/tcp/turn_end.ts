/**
 * Turns of the event loop: what is done at the end of one, and waiting for the next.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** What waits for the end of a turn. */
export interface Flushed {
  /**
   * Called once for each {@linkcode flushAtTurnEnd}. Must not throw: others are waiting behind it.
   */
  flush(): void;
}

/** Those that wait; at most each open connection once. */
let waiting: Flushed[] = [];
/** Those of the turn before; its memory is used again. */
let spare: Flushed[] = [];

/**
 * Calls `flush` when what arrived together has been dealt with, in the order of the calls.
 *
 * Thirty requests that arrived together are then first answered by our code and after that sent by
 * the system. Alternating between the two would push each out of the processor's caches.
 */
export function flushAtTurnEnd(flushed: Flushed): void {
  // What arrived together calls back in microtasks that are queued by now; this one comes after them.
  if (waiting.push(flushed) === 1) queueMicrotask(flushAll);
}

/**
 * Resolves in the next turn of the event loop. Bytes that arrived for others meanwhile are not
 * always processed before: see {@linkcode Turns}.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function flushAll(): void {
  const turn = waiting;
  waiting = spare;
  for (const flushed of turn) flushed.flush();
  turn.length = 0;
  spare = turn;
}
