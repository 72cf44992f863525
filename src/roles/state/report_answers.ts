/**
 * How often a client is answered that reports what is not news, or not its to decide.
 *
 * @module
 */

/** A client that changes nothing is answered once in this time, in milliseconds. */
const ANSWER_AGAIN_MS = 1_000;
/** Answers and reasons that are remembered; beyond it the oldest is forgotten. */
const REMEMBERED_MAX = 1_000;

/**
 * Decides which reports get an answer. A client that reports again whenever it hears its state would
 * go on for ever if each report were answered; so what follows at once is counted only.
 */
export class ReportAnswers {
  readonly #answeredAt = new Map<string, number>();
  readonly #told = new Map<string, number>();

  /** Whether a report that changes nothing is to be answered. Time is in milliseconds. */
  isDue(id: string, now: number): boolean {
    const answeredAt = this.#answeredAt.get(id) ?? -Infinity;
    if (now - answeredAt < ANSWER_AGAIN_MS) return false;
    remember(this.#answeredAt, id, now);
    return true;
  }

  /** Whether this client was not refused for this reason before. */
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
