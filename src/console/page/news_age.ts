/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Measures the age of the host's news, which a proxy may have held back.
 *
 * @module
 */

/** How much two clocks may drift apart between two messages, in milliseconds. */
const DRIFT_MS_MAX = 1;

/** Compares the host's clock with the page's own; neither needs to be right. */
export class NewsAge {
  /** The host's clock minus the page's. */
  #aheadMs: number;

  /** @param madeAt When the host made the page, on its clock, in milliseconds since 1970. */
  constructor(madeAt: number) {
    const [navigation] = performance.getEntriesByType("navigation");
    const receivedAt = navigation instanceof PerformanceNavigationTiming
      ? navigation.responseStart
      : performance.now();
    this.#aheadMs = madeAt - receivedAt;
  }

  /** The age of news in milliseconds, at least 0; `at` is the host's time, ISO 8601. */
  of(at: string): number {
    const ageMs = performance.now() + this.#aheadMs - Date.parse(at);
    // What comes sooner than the page did tells more; so does a clock of the host that was put forward.
    this.#aheadMs -= Math.min(ageMs, DRIFT_MS_MAX);
    return Math.max(0, ageMs);
  }
}
