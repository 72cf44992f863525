/**
 * The instrument on the page: curves by the controller's clock, and alarms that keep their place.
 */

import { strict as assert } from "node:assert";
import { WholeHost } from "../cli/whole_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { checkAccess, fits, keepPicture } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;
const BREATHING = [
  "--hev",
  "--hev-source=dump:B6-20200805.dump",
  "--hev-web-port=0",
  "--hev-native-port=0",
  "--hev-query-port=0",
  "--console-port=0",
];
/** As quick as the two presses that once acknowledged two alarms. */
const PRESSES_APART_MS = 280;

if (hasChromium("the instrument on the page")) {
  Deno.test({
    name:
      "instrument: curves have units, a crosshair and rows; a second press meets no other alarm",
    ...OPTIONS,
    async fn(step) {
      const stage = async (name: string, act: () => Promise<void>) => {
        assert.ok(await step.step(name, act), name);
      };
      await using host = new WholeHost([], {}, BREATHING);
      await using browser = await TestBrowser.open();
      const context = await browser.newContext({
        viewport: { width: 1_440, height: 900 },
        bypassCSP: true,
      });
      context.setDefaultTimeout(WAIT_MS);
      const page = await context.newPage();
      const url = `http://${await host.address("console")}/`;
      await page.goto(url);
      const instrument = page.getByRole("region", { name: "Instrument" });
      const value = instrument.locator(".pressure .value");

      await stage("the current value is large, with the unit of the tables", async () => {
        await instrument.locator(".pressure canvas").waitFor();
        await instrument.locator(".pressure .unit").getByText("mbar").waitFor();
        const size = await page.evaluate(
          'parseFloat(getComputedStyle(document.querySelector(".pressure .value")).fontSize)',
        );
        assert.ok(Number(size) >= 32, `${size} px`);
      });

      await stage("a constant is called one", async () => {
        await instrument.locator(".volume").getByText("Always 0.0: this controller does not")
          .waitFor();
      });

      await stage("frozen curves stand still, and show what is below the pointer", async () => {
        await instrument.getByRole("button", { name: "Freeze" }).click();
        const frozen = await value.textContent();
        const flow = instrument.locator(".flow .u-over");
        const read = new Set<string | null>();
        // The value follows with the next frame, and an alarm that comes moves the curves.
        await eventually("flow's pointer reads pressure: the crosshair is shared", async () => {
          const { width } = await flow.boundingBox() ?? assert.fail();
          for (const share of [0.5, 0.65, 0.8, 0.95]) {
            await flow.hover({ position: { x: width * share, y: 20 } });
            read.add(await value.textContent());
          }
          return read.size > 1;
        });
        await page.mouse.move(0, 0);
        await eventually(
          "the value is the frozen one",
          async () => await value.textContent() === frozen,
        );
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          instrument.getByRole("button", { name: "Save as CSV" }).click(),
        ]);
        const rows = await Deno.readTextFile(await download.path());
        assert.match(rows, /^time \[ms\],pressure \[mbar\],flow \[mL\/min\],volume \[mL\]\r\n\d+,/);
        const stamps = rows.trim().split("\r\n").slice(1).map((row) => Number(row.split(",")[0]));
        assert.equal(new Set(stamps).size, stamps.length, "no two samples share a moment");
        await instrument.getByRole("button", { name: "Go on" }).click();
      });

      await stage(
        "two quick presses acknowledge one alarm, and the row keeps its place",
        async () => {
          const rows = instrument.locator(".alarms li:not(.ended)");
          await eventually("two alarms stand", async () => await rows.count() >= 2);
          await rows.first().getByText(/, (at|\d+ times, last at) \d\d:\d\d:\d\d/).waitFor();
          const asked: string[] = [];
          page.on("request", (request) => {
            if (request.method() === "POST") asked.push(request.url());
          });
          const button = instrument.locator(".alarms li").first().getByRole("button");
          const name = await button.getAttribute("aria-label") ?? "";
          const box = await button.boundingBox() ?? assert.fail();
          const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
          await page.mouse.click(x, y);
          // The recording may raise it again at once: even then it rests.
          await instrument.locator('button[title^="Acknowledged at"]').waitFor();
          await page.evaluate(`new Promise((done) => setTimeout(done, ${PRESSES_APART_MS}))`);
          await page.mouse.click(x, y);
          const below = await page.evaluate(
            `document.elementFromPoint(${x}, ${y}).closest("button").getAttribute("aria-label")`,
          );
          assert.equal(below, name, "no other alarm has taken its place");
          assert.equal(asked.length, 1, asked.join("\n"));
          await checkAccess(page);
          await keepPicture(page, "instrument-en");
        },
      );

      await stage("the focus stays in the list", async () => {
        await page.mouse.move(0, 0);
        const row = instrument.locator(".alarms li.ended, .alarms li button:not([aria-disabled])");
        await row.first().waitFor();
        const isThere = await page.evaluate('document.activeElement.closest(".alarms") !== null');
        assert.ok(isThere);
      });

      await stage("in German, in the dark, on a phone", async () => {
        await page.emulateMedia({ colorScheme: "dark" });
        await page.goto(`${url}?lang=de`);
        await page.locator(".pressure canvas").waitFor();
        await page.locator(".volume").getByText("Immer 0,0").waitFor();
        await checkAccess(page);
        await keepPicture(page, "instrument-de");
        await page.setViewportSize({ width: 320, height: 720 });
        await fits(page);
      });

      await stage("without samples the window moves on and says so", async () => {
        host.process.signal("SIGSTOP");
        await page.locator(".pressure").getByText("Die Steuerung sendet nichts").waitFor();
        assert.equal(await page.locator(".pressure .value").textContent(), "–");
        host.process.signal("SIGCONT");
      });
    },
  });
}
