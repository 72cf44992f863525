/**
 * The system's own Chromium, driven for tests.
 *
 * @module
 */

import { type Browser, chromium } from "../packages/playwright.ts";
import { requirement } from "./require.ts";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

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

function findChromium(): string | undefined {
  for (const path of PATHS) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Whether a suite can run in a browser; says how to get one if not. */
export function hasChromium(suite: string): boolean {
  return requirement(suite, {
    name: "Chromium",
    available: findChromium() !== undefined,
    howToGet: "apt-get install chromium",
  });
}

/** Starts the browser; whoever does must close it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("Cannot start Chromium: there is none");
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}
