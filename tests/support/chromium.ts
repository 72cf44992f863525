/**
 * The system's own Chromium, driven for tests.
 *
 * @module
 */

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "../packages/playwright.ts";
import { requirement } from "./require.ts";

/** Browsers with all that a visitor's has. */
const WHOLE = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** The same engine without a desktop's menus and services: it needs half the processor time. */
const LEAN = "/usr/bin/chromium-headless-shell";

/** A `lean` one shows pages, but denies them notifications. */
type Kind = "lean" | "whole";

/** A tester's browser asks nobody but the page that is tested. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function findChromium(kind: Kind): string | undefined {
  for (const path of kind === "lean" ? [LEAN, ...WHOLE] : WHOLE) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Whether a suite can run in a browser; says how to get one if not. */
export function hasChromium(suite: string, kind: Kind = "lean"): boolean {
  return requirement(suite, {
    name: "Chromium",
    available: findChromium(kind) !== undefined,
    howToGet: "apt-get install chromium",
  });
}

/** Starts the browser; whoever does must close it. */
export async function launchChromium(kind: Kind = "whole"): Promise<Browser> {
  const executablePath = findChromium(kind);
  if (executablePath === undefined) throw new Error("Cannot start Chromium: there is none");
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/**
 * A browser to one test: what it stores, shows and caches is its own, but the process is that of all
 * tests of the file. A start of Chromium takes seconds of a processor; it ends with the file, whose end
 * closes the pipe to it.
 */
export class TestBrowser implements AsyncDisposable {
  static readonly #running = new Map<Kind, Promise<Browser>>();
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(kind: Kind = "lean"): Promise<TestBrowser> {
    const running = TestBrowser.#running.get(kind) ?? launchChromium(kind);
    TestBrowser.#running.set(kind, running);
    return new TestBrowser(await running);
  }

  /** Opens something like a private window. */
  async newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options);
    this.#contexts.push(context);
    return context;
  }

  /** Opens a page in a window of its own. */
  async newPage(options?: BrowserContextOptions): Promise<Page> {
    return await (await this.newContext(options)).newPage();
  }

  /** Closes the windows. */
  async close(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
