/**
 * Work at the end of a turn of the event loop, and waiting for the next turn.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { inBackground } from "../background.ts";

/** An object that is flushed at the end of a turn. */
export interface Flushed {
  /**
   * Called once for each {@linkcode flushAtTurnEnd}. Must not throw: others are waiting behind it.
   */
  flush(): void;
}

/**
 * The most writes that are given to the system in one turn. The runtime does no more than 128
 * operations at once; it puts off the rest, and takes those up last that it put off first. With a
 * thousand busy connections, some would wait for seconds, and look as if their peers took nothing.
 */
const FLUSHED_AT_ONCE_MAX = 100;

/** How many flushed entries may remain at the front before the array is compacted. */
const SPENT_MAX = 1_024;

/** Waiting entries, from `first` on; each open connection at most once. */
const waiting: Flushed[] = [];
let first = 0;
let isArranged = false;

/**
 * Calls `flush` when everything that arrived together has been handled, in the order of the calls.
 *
 * Thirty requests that arrived together are then first answered by our code and after that sent by
 * the system. Alternating between the two would push each out of the processor's caches.
 */
export function flushAtTurnEnd(flushed: Flushed): void {
  // What arrived together calls back in microtasks that are queued by now; this one comes after them.
  waiting.push(flushed);
  if (isArranged) return;
  isArranged = true;
  queueMicrotask(flushSome);
}

/**
 * Resolves in the next turn of the event loop. Bytes that arrived for others meanwhile are not
 * always processed before: see {@linkcode Turns}.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function flushSome(): void {
  const end = Math.min(first + FLUSHED_AT_ONCE_MAX, waiting.length);
  for (; first < end; first++) (waiting[first] as Flushed).flush();
  if (first === waiting.length) {
    waiting.length = first = 0;
    isArranged = false;
    return;
  }
  if (first > SPENT_MAX) {
    waiting.splice(0, first);
    first = 0;
  }
  inBackground(nextTurn().then(flushSome));
}
