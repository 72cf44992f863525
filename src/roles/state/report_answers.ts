/**
 * Limits the answers to reports that change nothing.
 *
 * @module
 */

/** A client whose reports change nothing gets one answer in this time, in milliseconds. */
const ANSWER_AGAIN_MS = 1_000;
/** The most answers and reasons that are remembered; above it, the oldest is forgotten. */
const REMEMBERED_MAX = 1_000;

/**
 * Decides which reports get an answer. If every report were answered, a client that reports again
 * whenever it hears its state would never stop. So reports in quick succession are only counted.
 */
export class ReportAnswers {
  readonly #answeredAt = new Map<string, number>();
  readonly #told = new Map<string, number>();

  /** Whether to answer a report that changes nothing. Time is in milliseconds. */
  isDue(id: string, now: number): boolean {
    const answeredAt = this.#answeredAt.get(id) ?? -Infinity;
    if (now - answeredAt < ANSWER_AGAIN_MS) return false;
    remember(this.#answeredAt, id, now);
    return true;
  }

  /** Whether this is the client's first refusal for this reason. */
  isNews(id: string, reason: string, now: number): boolean {
    const key = `${id} ${reason}`;
    if (this.#told.has(key)) return false;
    remember(this.#told, key, now);
    return true;
  }
}

function remember(times: Map<string, number>, key: string, now: number): void {
  times.delete(key);
  if (times.size >= REMEMBERED_MAX) {
    for (const oldest of times.keys()) {
      times.delete(oldest);
      break;
    }
  }
  times.set(key, now);
}
