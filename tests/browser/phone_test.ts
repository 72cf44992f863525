/**
 * The page in a hand: tabs below the thumb, and pages that say why there is none.
 */

import { strict as assert } from "node:assert";
import { WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { fits, Operator } from "./operator.ts";
import { beatFrom } from "./stations.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WIDTHS = [320, 360, 390];
/** What a thumb hits. */
const TARGET_PX_MIN = 44;
/** The tabs; the overview has no name in the address. */
const VIEWS = ["", "headsets", "instrument", "phones", "outages", "history"];

/** Tabs that are cut, or whose words are. */
const CUT = `[...document.querySelectorAll(".bar nav a")]
  .filter((tab) => tab.offsetParent !== null && tab.scrollWidth > tab.clientWidth)
  .map((tab) => tab.textContent)`;

if (hasChromium("the page on a phone")) {
  Deno.test({
    name: "phone: every view is a tab that a thumb hits, in both languages",
    ...OPTIONS,
    async fn(test) {
      await using host = new WholeHost();
      const url = `http://${await host.address("console")}`;
      const heartbeats = `http://${await host.address("heartbeat")}`;
      await beatFrom("127.0.0.1", heartbeats, "tetris");
      await using operator = await Operator.open(url, { width: 390, height: 800 });
      const { page } = operator;
      for (const language of ["en", "de"]) {
        for (const width of WIDTHS) {
          await test.step(`${language}, ${width} px`, async () => {
            await page.setViewportSize({ width, height: 800 });
            await page.goto(`${url}/?lang=${language}`);
            await page.locator("#main[data-live]").waitFor();
            for (const view of VIEWS) {
              const tab = page.locator(`.bar nav a[data-view="${view}"]`);
              const box = await tab.boundingBox();
              assert.ok(box !== null, view);
              assert.ok(box.width >= TARGET_PX_MIN && box.height >= TARGET_PX_MIN, view);
              assert.ok(box.x >= 0 && box.x + box.width <= width, `${view} is on the screen`);
              await tab.click();
              await page.locator(`.bar nav a[data-view="${view}"][aria-current]`).waitFor();
              await fits(page);
            }
            assert.deepEqual(await page.evaluate(CUT), []);
            await operator.picture(`phone-tabs-${language}-${width}`);
          });
        }
      }
      await operator.isAccessible();
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "phone: a page that is none says so in its language, and fits",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost();
      const address = await host.address("console");
      await using operator = await Operator.open(`http://${address}`);
      const { page } = operator;
      for (const language of ["en", "de"]) {
        for (const width of [320, 1_280]) {
          await page.setViewportSize({ width, height: 640 });
          await page.goto(`http://${address}/no/such/page?lang=${language}`);
          await page.getByRole("heading", { level: 1 }).waitFor();
          const band = "getComputedStyle(document.querySelector('header')).backgroundColor";
          assert.equal(await page.evaluate(band), "rgb(66, 74, 83)", "it has its style");
          await fits(page);
          await operator.picture(`refusal-${language}-${width}`);
        }
        await operator.isAccessible();
      }
      await page.getByRole("link").click();
      await page.locator("#main[data-live]").waitFor();
      assert.deepEqual(operator.complaints, []);
    },
  });
}
