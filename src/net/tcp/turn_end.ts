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
 * The most writes that are given to the system in one turn. The runtime does at most 128 operations
 * at once and postpones the rest, taking up last those that it postponed first. With a thousand
 * busy connections, some would wait for seconds, as if their peers read nothing.
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
 * Thirty requests that arrive together are then all answered by our code before the system sends
 * the replies. Alternating between the two would evict each from the processor's caches.
 */
export function flushAtTurnEnd(flushed: Flushed): void {
  // Callbacks for what arrived together are queued as microtasks by now; this one runs after them.
  waiting.push(flushed);
  if (isArranged) return;
  isArranged = true;
  queueMicrotask(flushSome);
}

/**
 * Resolves in the next turn of the event loop. Bytes that have arrived for others may still be
 * unprocessed then: see {@linkcode Turns}.
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
