/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Reloads a page that gets no news: the page as made by the server needs no stream.
 *
 * Until the script runs, the page's own `rescue_script.ts` sees to that, so that one whose script is
 * blocked, never arrives or dies at once is no worse.
 *
 * @module
 */

/** How long a page without news waits before it reloads, and between attempts, in milliseconds. */
const RELOAD_MS = 10_000;
/** How long the host may take to answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;
/** How long a page is not reloaded after the user typed or pressed something, in milliseconds. */
const UNDISTURBED_MS = 60_000;

/** Cancels the reload of a page whose script does not run. */
export function takeOver(): void {
  document.getElementById("rescue")?.remove();
}

/** Reloads the page, if that helps and disturbs nobody. */
export class Reload {
  #usedAt = -Infinity;
  #triedAt = -Infinity;

  constructor() {
    for (const name of ["keydown", "input", "pointerdown"]) {
      addEventListener(name, () => (this.#usedAt = performance.now()), { capture: true });
    }
  }

  /**
   * Call it repeatedly while there is no news.
   *
   * @param silentMs For how long there was none.
   * @param isSilent Whether that is so still, asked when the host has answered.
   */
  consider(silentMs: number, isSilent: () => boolean): void {
    const now = performance.now();
    if (silentMs < RELOAD_MS || now - this.#triedAt < RELOAD_MS) return;
    if (now - this.#usedAt < UNDISTURBED_MS) return;
    this.#triedAt = now;
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    // A host that does not answer would leave the browser's own page, which never comes back.
    fetch(location.href, { cache: "no-store", signal }).then((reply) => {
      if (reply.ok && isSilent()) location.reload();
    }, () => {});
  }
}
