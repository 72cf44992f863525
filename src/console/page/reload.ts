/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A page that hears nothing comes anew: what the server makes of it needs no stream.
 *
 * Until the script runs, the page's own `<meta http-equiv="refresh">` sees to that, so that one whose
 * script is blocked or dies at once is no worse.
 *
 * @module
 */

/** How long a page without news waits before it comes anew, and between attempts, in milliseconds. */
const RELOAD_MS = 10_000;
/** How long the host may take to answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;
/** Whoever typed or pressed something is left alone for so long, in milliseconds. */
const UNDISTURBED_MS = 60_000;

/** Waits until the page is complete, and ends that it comes anew without its script. */
export async function takeOver(): Promise<void> {
  await new Promise<void>((done) => {
    // A browser may start its timer after the last listener of `load`.
    if (document.readyState === "complete") setTimeout(done);
    else addEventListener("load", () => setTimeout(done), { once: true });
  });
  // Taking the element away does not end its timer; only this does, and it ends what is loading too.
  stop();
  document.getElementById("refresh")?.remove();
}

/** Fetches the page anew, if that helps and disturbs nobody. */
export class Reload {
  #usedAt = -Infinity;
  #triedAt = -Infinity;

  constructor() {
    for (const name of ["keydown", "input", "pointerdown"]) {
      addEventListener(name, () => (this.#usedAt = performance.now()), { capture: true });
    }
  }

  /**
   * To be called again and again while there is no news.
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
