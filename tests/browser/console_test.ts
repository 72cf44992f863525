/**
 * The operator's page in a real browser.
 */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { hasChromium, launchChromium } from "../support/chromium.ts";

const ARTIFACTS = new URL("../../artifacts/", import.meta.url).pathname;

/** What a technician may have in front of them. */
const VIEWS = [
  { name: "light", colorScheme: "light", width: 1_280, height: 720, script: "on" },
  { name: "dark", colorScheme: "dark", width: 1_280, height: 720, script: "on" },
  { name: "narrow", colorScheme: "light", width: 320, height: 640, script: "on" },
  { name: "no-javascript", colorScheme: "light", width: 1_280, height: 720, script: "off" },
] as const;

if (hasChromium("the operator's page")) {
  Deno.test({
    name: "the page shows states in words, asks nobody else, and fits every screen",
    // The browser's driver keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = await PulseboxHost.start();
      await fetch(`${host.url}/hb_ping?60000&appid=tetris`);
      await fetch(`${host.url}/hb_init?60000&appid=<b>bold</b>`);
      await fetch(`${host.consoleUrl}/api/v1/members/hilbert%2Fpong%20%40%20127.0.0.1/pause`, {
        method: "POST",
        body: '{"reason":"lamp"}',
      }).then((response) => response.text());
      await Deno.mkdir(ARTIFACTS, { recursive: true });
      const browser = await launchChromium();
      try {
        for (const view of VIEWS) {
          const context = await browser.newContext({
            viewport: { width: view.width, height: view.height },
            colorScheme: view.colorScheme,
            javaScriptEnabled: view.script === "on",
          });
          const page = await context.newPage();
          const foreign: string[] = [];
          page.on("request", (request) => {
            if (!request.url().startsWith(host.consoleUrl)) foreign.push(request.url());
          });
          await page.goto(host.consoleUrl);
          const text = await page.locator("body").innerText();
          assert.match(text, /All is well/);
          assert.match(text, /● OK\s+tetris/);
          assert.match(text, /◌ Starting\s+<b>bold<\/b>/);
          assert.match(text, /‖ Maintenance\s+pong/);
          assert.equal(await page.getByRole("status").count(), 1);
          const { width } = await page.locator("html").boundingBox() ?? { width: Infinity };
          assert(width <= view.width, `${view.name} is ${width} px wide`);
          await page.screenshot({ path: `${ARTIFACTS}console-${view.name}.png` });
          assert.deepEqual(foreign.filter((url) => !url.startsWith("data:")), []);
          await context.close();
        }
      } finally {
        await browser.close();
      }
    },
  });
}
