/**
 * Counts repeated failures instead of logging each.
 *
 * @module
 */

import { MINUTE_MS } from "../../core/clock.ts";

/** How long a repeated line is counted before it is written again, in milliseconds. */
export const REPEAT_WINDOW_MS = MINUTE_MS;
/** Different lines that are remembered; beyond it the oldest is forgotten. */
export const REPEAT_LINES_MAX = 256;

/** A line that was held back. */
export interface Repetition<T> {
  /** The last of its kind. */
  readonly last: T;
  /** How many were held back, at least one. */
  readonly count: number;
}

/**
 * Lets the first line of a kind through and counts its repetitions for a while. The count is logged
 * when the window ends. Time is an argument, in monotonic milliseconds.
 */
export class RepeatFilter<T> {
  readonly #seen = new Map<string, { since: number; count: number; last: T }>();

  /** Whether a line may be written now. If not, it is counted. */
  admits(kind: string, line: T, now: number): boolean {
    const seen = this.#seen.get(kind);
    if (seen !== undefined) {
      seen.count++;
      seen.last = line;
      return false;
    }
    if (this.#seen.size >= REPEAT_LINES_MAX) {
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#seen.set(kind, { since: now, count: 0, last: line });
    return true;
  }

  /** Closes the windows that are over and returns their counts. */
  advance(now: number): Repetition<T>[] {
    return this.#end((since) => now - since >= REPEAT_WINDOW_MS);
  }

  /** Closes all windows and returns their counts. */
  close(): Repetition<T>[] {
    return this.#end(() => true);
  }

  /** When the next window ends, or `undefined` if none is open. */
  nextWake(): number | undefined {
    // The first entry is the oldest: each is added once and never moved.
    const [first] = this.#seen.values();
    return first === undefined ? undefined : first.since + REPEAT_WINDOW_MS;
  }

  #end(isOver: (since: number) => boolean): Repetition<T>[] {
    const repetitions: Repetition<T>[] = [];
    for (const [kind, { since, count, last }] of this.#seen) {
      if (!isOver(since)) continue;
      this.#seen.delete(kind);
      if (count > 0) repetitions.push({ last, count });
    }
    return repetitions;
  }
}
