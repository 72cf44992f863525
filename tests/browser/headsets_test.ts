/**
 * Headsets and their operator: who starts is asked first, an emergency never waits.
 */

import { strict as assert } from "node:assert";
import { GameClient } from "../../src/clients/game/client.ts";
import { parseGameUrl, postHeartbeat } from "../../src/clients/game/http.ts";
import { WholeHost } from "../cli/whole_host.ts";
import type { Page } from "../packages/playwright.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { checkAccess, fits, keepPicture } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;
const GAMES = [
  "--state",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
  "--state-timebomb=600",
  "--console-port=0",
];

if (hasChromium("headsets on the page")) {
  Deno.test({
    name: "headsets: they start by consent, stop at once, and go on by consent",
    ...OPTIONS,
    async fn(step) {
      await using host = new WholeHost([], {}, GAMES);
      const url = `http://${await host.address("state")}`;
      await using one = headset(url, "hmd_01", {});
      await using two = headset(url, "hmd_02", {});
      await using _three = headset(url, "hmd_03", undefined);
      // It posts heartbeats and listens to nothing, as a headset behind a firewall.
      const place = { ...parseGameUrl(url), timeoutMs: WAIT_MS };
      assert.equal((await postHeartbeat(place, "hmd_04", "DISCONNECTED")).status, 200);

      await using browser = await TestBrowser.open();
      const context = await browser.newContext({
        viewport: { width: 1_440, height: 900 },
        bypassCSP: true,
      });
      context.setDefaultTimeout(WAIT_MS);
      const page = await context.newPage();
      const consoleUrl = `http://${await host.address("console")}/`;
      await page.goto(consoleUrl);
      const region = page.getByRole("region", { name: "Headsets" });
      const row = (id: string) => region.getByRole("row").filter({ hasText: id });
      const button = (name: string) => region.getByRole("button", { name, exact: true });

      const stage = async (name: string, act: () => Promise<void>) => {
        assert.ok(await step.step(name, act), name);
      };
      await stage("what a state does not allow says why, and does nothing", async () => {
        for (const id of ["hmd_01", "hmd_02"]) {
          await row(id).getByText("Calibrated", { exact: true }).waitFor();
        }
        await row("hmd_03").getByText("Not calibrated").waitFor();
        const start = button("Start hmd_03");
        assert.equal(await start.getAttribute("aria-disabled"), "true");
        await page.getByText("Nothing for the lobby: running headsets go there").first().waitFor();
        await start.focus();
        await page.keyboard.press("Enter");
        await start.click({ force: true });
        assert.equal(await row("hmd_03").locator(".fault").textContent(), "");
      });

      await stage(
        "Start asks, names who starts and who stays out, and starts those",
        async () => {
          await button("Start all…").click();
          const question = page.getByRole("group", { name: "Start 2 calibrated headsets?" });
          await question.getByText(
            "hmd_01 and hmd_02 start now. hmd_03 and hmd_04 are not calibrated and stay out.",
          ).waitFor();
          await checkAccess(page);
          await keepPicture(page, "headsets-en");
          await page.keyboard.press("Escape");
          await question.waitFor({ state: "hidden" });
          assert.equal(await page.evaluate("document.activeElement.textContent"), "Start all…");
          assert.equal(one.state, "CALIBRATED", "nobody has consented");
          await page.keyboard.press("Enter");
          await button("Start 2").click();
          for (const id of ["hmd_01", "hmd_02"]) {
            await row(id).getByText("Running", { exact: true }).waitFor();
          }
          assert.equal(await row("hmd_03").locator(".state").textContent(), "Not calibrated");
        },
      );

      await stage("errors appear beside the button", async () => {
        await page.route(
          "**/api/v1/game/**",
          (route) => route.fulfill({ status: 409, json: { detail: "It cannot do that" } }),
        );
        await button("Lobby hmd_01").click();
        await row("hmd_01").getByText("✖ It cannot do that").waitFor();
        await button("EMERGENCY ALL").click();
        await page.locator(".controls").getByText("Not sent, press again: It cannot do that")
          .waitFor();
        await page.unroute("**/api/v1/game/**");
      });

      await stage(
        "EMERGENCY ALL is immediate, large and far right, and names the deaf",
        async () => {
          const emergency = button("EMERGENCY ALL");
          const box = await emergency.boundingBox() ?? assert.fail("it is not there");
          assert.ok(box.height >= 64, `${box.height} px high`);
          for (const other of ["Calibrate all", "Lobby all", "Start all…"]) {
            const left = await button(other).boundingBox() ?? assert.fail(other);
            assert.ok(left.x + left.width < box.x, other);
          }
          await emergency.click();
          for (const id of ["hmd_01", "hmd_02", "hmd_03"]) {
            await row(id).getByText("Told to stop").waitFor();
          }
          await row("hmd_04").getByText("Not reached").waitFor();
          await page.getByText("4 headsets were told to stop.").waitFor();
          const again = await button("STOP ALL AGAIN").boundingBox();
          assert.deepEqual([again?.y, again?.height], [box.y, box.height], "it does not move");
          assert.equal(await button("Lobby all").getAttribute("aria-disabled"), "true");
          await page.getByText("Locked while the emergency lasts").first().waitFor();
          await page.getByRole("status").getByText("4 in EMERGENCY").waitFor();
        },
      );

      await stage(
        "ending an emergency is confirmed, and keeping it is the default",
        async () => {
          await button("End emergency…").click();
          const question = page.getByRole("group", { name: "End the emergency?" });
          await question.getByText("hmd_04 did not get the order to stop: look at it first.")
            .waitFor();
          assert.equal(await page.evaluate("document.activeElement.textContent"), "Keep it");
          await checkAccess(page);
          await keepPicture(page, "emergency-en");
          await picturesElsewhere(page, consoleUrl);
          await button("End emergency…").click();
          await page.keyboard.press("Enter");
          await question.waitFor({ state: "hidden" });
          await row("hmd_01").getByText("Told to stop").waitFor();
          await button("End emergency…").click();
          await button("End emergency").click();
          await row("hmd_01").getByText("Calibrated", { exact: true }).waitFor();
          await button("EMERGENCY ALL").waitFor();
          assert.equal(two.state, "CALIBRATED", "none starts by itself");
        },
      );

      await stage(
        "without news only an emergency can be ordered, and it says if it failed",
        async () => {
          await host[Symbol.asyncDispose]();
          await page.locator("#verdict.silent").waitFor();
          assert.equal(await button("Start hmd_01").getAttribute("aria-disabled"), "true");
          await page.getByText("Locked: no news from Pulsebox").first().waitFor();
          assert.equal(await button("EMERGENCY ALL").getAttribute("aria-disabled"), null);
          assert.equal(await button("Emergency hmd_01").getAttribute("aria-disabled"), null);
          await button("EMERGENCY ALL").click();
          await page.locator(".controls").getByText(/^✖ Not sent, press again: /).waitFor();
        },
      );
    },
  });
}

function headset(url: string, id: string, ownCalibration: object | undefined): GameClient {
  return new GameClient({ url, id, intervalMs: 200, ...(ownCalibration && { ownCalibration }) });
}

/** The emergency in German, in the dark and on a phone. */
async function picturesElsewhere(page: Page, url: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${url}?lang=de`);
  await page.getByRole("button", { name: "Nothalt beenden…" }).click();
  await checkAccess(page);
  await keepPicture(page, "emergency-de");
  await page.setViewportSize({ width: 320, height: 720 });
  await fits(page);
  await checkAccess(page);
  await keepPicture(page, "emergency-phone-de");
  await page.setViewportSize({ width: 1_440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(url);
}
