/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Reloads a page that gets no news: the page that the server makes needs no stream.
 *
 * Until the script runs, `rescue_script.ts` does the same, so that a script that is blocked, never
 * arrives or fails at once does no harm.
 *
 * @module
 */

/** How long a page waits without news before it reloads, and between attempts, in milliseconds. */
const RELOAD_MS = 10_000;
/** Timeout of the host's answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;
/** How long a page is not reloaded after the user typed or pressed something, in milliseconds. */
const UNDISTURBED_MS = 60_000;

/** Cancels the reload that is meant for a page whose script does not run. */
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
   * @param silentMs How long there has been no news.
   * @param isSilent Whether there still is none; asked when the host has answered.
   */
  consider(silentMs: number, isSilent: () => boolean): void {
    const now = performance.now();
    if (silentMs < RELOAD_MS || now - this.#triedAt < RELOAD_MS) return;
    if (now - this.#usedAt < UNDISTURBED_MS) return;
    this.#triedAt = now;
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    // If the host does not answer, reloading would show the browser's own error page for good.
    fetch(location.href, { cache: "no-store", signal }).then((reply) => {
      if (reply.ok && isSilent()) location.reload();
    }, () => {});
  }
}
