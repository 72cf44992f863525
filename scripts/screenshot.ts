/**
 * Takes the README's picture of the console: `deno run -A --lock=tests/deno.lock
 * scripts/screenshot.ts`.
 *
 * @module
 */

import { launchChromium } from "../tests/support/chromium.ts";
import { startChild } from "./process.ts";

const PICTURE = "docs/console.png";
const SIZE = { width: 1_440, height: 1_000 };
/** A card of the demonstration's hanging program, which takes a while to be lost. */
const LOST_CARD = ".attention .cards > *";
const WAIT_MS = 60_000;
const CURVES_MS = 4_000;

if (import.meta.main) {
  await using host = await startChild(
    [
      ...["run", "--quiet", "-A", "main.ts", "--all", "--demo", "--console-port=8880"],
      "--heartbeat-stations=127.0.0.1=Foyer",
    ],
    /Serving HTTP/,
  );
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: SIZE, locale: "en" });
  await page.goto("http://127.0.0.1:8880/?view=exhibits");
  await page.locator(LOST_CARD).first().waitFor({ timeout: WAIT_MS });
  // As much of the curves as a breath takes.
  await new Promise((done) => setTimeout(done, CURVES_MS));
  await page.screenshot({ path: PICTURE });
  await browser.close();
  console.log(`${PICTURE} of process ${host.pid}`);
}
