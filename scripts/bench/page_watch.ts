/**
 * What benches read off a page in a browser: when something is painted, how long frames take, what
 * moves.
 *
 * @module
 */

import type { Browser, Page } from "../../tests/packages/playwright.ts";

/** A change of a row, as it was painted. */
export interface Painted {
  readonly name: string;
  /** By the clock of the machine, in milliseconds since 1970. */
  readonly at: number;
}

/** What a page has seen of itself. */
export interface Watched {
  /** From the arrival of each snapshot to its paint, in milliseconds. */
  readonly paintsMs: readonly number[];
  /** From the arrival of each snapshot until rows below the screen are filled too, in milliseconds. */
  readonly wholeMs: readonly number[];
  readonly painted: readonly Painted[];
  /** Between each frame and the next, in milliseconds. */
  readonly framesMs: readonly number[];
  /** Sum of all shifts of the layout that nobody asked for. */
  readonly shift: number;
  /** Records of changes of the document. */
  readonly mutations: number;
}

const WATCH = `(() => {
  const watched = { paintsMs: [], wholeMs: [], painted: [], framesMs: [], shift: 0, mutations: 0 };
  globalThis.watched = watched;
  const whenPainted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, listener, options) {
    if (name !== "snapshot") return listen.call(this, name, listener, options);
    return listen.call(this, name, (event) => {
      const arrived = performance.now();
      listener(event);
      const look = () => {
        if (document.querySelector("[aria-busy]") !== null) requestAnimationFrame(look);
        else watched.wholeMs.push(performance.now() - arrived);
      };
      whenPainted(() => {
        watched.paintsMs.push(performance.now() - arrived);
        look();
      });
    }, options);
  };
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value } of list.getEntries()) {
      if (!hadRecentInput) watched.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  globalThis.watchFrames = () => {
    let last = performance.now();
    const frame = (now) => {
      watched.framesMs.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  globalThis.watchRows = () => new MutationObserver((records) => {
    const names = records.flatMap(({ target }) => target.querySelector(".name")?.textContent ?? []);
    whenPainted(() => {
      const at = performance.timeOrigin + performance.now();
      for (const name of names) watched.painted.push({ name, at });
    });
  }).observe(document, { attributeFilter: ["data-kind"], subtree: true });
  globalThis.watchDocument = () => new MutationObserver((records) => {
    watched.mutations += records.length;
  }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
})();`;

/** Opens a page that watches itself, and waits until it shows as many parts and has filled all of them. */
export async function openWatched(
  browser: Browser,
  url: string,
  count: number,
  part: ".row" | ".host" = ".row",
): Promise<Page> {
  // Measuring needs scripts that the page would not allow.
  const page = await browser.newPage({
    viewport: { width: 1_280, height: 900 },
    bypassCSP: true,
  });
  await page.addInitScript(WATCH);
  await page.goto(url);
  await page.waitForFunction(
    `watched.wholeMs.length > 0 && document.querySelectorAll("${part}").length === ${count}`,
  );
  return page;
}

/** Begins to watch more than every page does. */
export async function beginTo(
  page: Page,
  what: "watchFrames" | "watchRows" | "watchDocument",
): Promise<void> {
  await page.evaluate(`${what}()`);
}

/** What a page has seen so far. */
export function watchedOn(page: Page): Promise<Watched> {
  return page.evaluate("watched") as Promise<Watched>;
}
