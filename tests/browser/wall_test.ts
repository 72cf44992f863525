/**
 * The page for a wall: a link logs a screen in for good; it is read from across a hall.
 */

import { strict as assert } from "node:assert";
import { runProcess } from "../cli/pulsebox_process.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import type { Page } from "../packages/playwright.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { checkAccess, fits, keepPicture } from "./operator.ts";
import { beatFrom } from "./stations.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;
/** The smallest text of 1080 lines that is legible from five metres. */
const TEXT_PX_MIN = 36;
const STATIONS = [
  "Außenstation",
  "Foyer links",
  "Foyer rechts",
  "Kinderbereich",
  "Saal 1 · Flächen",
  "Saal 1 · Medientisch",
  "Saal 2 · Fraktale",
  "Saal 2 · Kuppel",
];

/** The sizes of all texts that can be seen, and whether one is cut. */
const SIZES = `[...document.querySelectorAll("body *")]
  .filter((element) => [...element.childNodes].some((node) =>
    node.nodeType === 3 && node.data.trim() !== "") &&
    getComputedStyle(element).visibility === "visible")
  .map((element) => parseFloat(getComputedStyle(element).fontSize))`;

/** Tiles of which a line is cut or lies over another. */
const CROWDED = `[...document.querySelectorAll(".tile")].filter((tile) => {
  const parts = [...tile.children].map((part) => [part, part.getBoundingClientRect()])
    .filter(([, { height }]) => height > 0);
  const end = tile.getBoundingClientRect().bottom;
  return parts.some(([part, { height, bottom }], index) =>
    part.matches("h2, .name") && height < parseFloat(getComputedStyle(part).lineHeight) - 1 ||
    bottom > (parts[index + 1]?.[1].top ?? end) + 1);
}).map((tile) => tile.innerText)`;

async function smallestText(page: Page): Promise<number> {
  return Math.min(...await page.evaluate(SIZES) as number[]);
}

if (hasChromium("the page for a wall")) {
  Deno.test({
    name: "wall: a link logs in for good, tiles are legible, and what does not fit takes turns",
    ...OPTIONS,
    async fn(step) {
      const stage = async (name: string, act: () => Promise<void>) => {
        assert.ok(await step.step(name, act), name);
      };
      using directory = temporaryDirectory();
      const file = `${directory.path}/tokens`;
      await Deno.writeTextFile(file, "write fedcba9876543210\n", { mode: 0o600 });
      const many = Array.from({ length: 20 }, (_, index) => `Halle ${index + 1}`);
      const stations = [...STATIONS, ...many].map((name, index) => `127.0.1.${index + 1}=${name}`);
      await using host = new WholeHost(
        [`--token-file=${file}`, ...stations.map((station) => `--heartbeat-stations=${station}`)],
        {},
        HEARTBEATS_ONLY,
      );
      const consoleUrl = `http://${await host.address("console")}`;
      const heartbeats = `http://${await host.address("heartbeat")}`;
      const beat = (index: number, name: string, delayMs = 600_000) =>
        beatFrom(`127.0.1.${index + 1}`, heartbeats, name, delayMs);
      for (const [index] of STATIONS.entries()) {
        for (const name of ["pong", "julius", "surfer"]) await beat(index, name);
      }
      await beat(2, "rock-paper-scissors", 1);
      await beat(4, "morenaments", 1);

      const made = await runProcess([
        "token",
        "wall",
        `--token-file=${file}`,
        `--console-url=${consoleUrl}`,
      ]);
      const link = made.stdout.trim();
      const token = link.split("#token=")[1] ?? assert.fail(link);
      host.process.signal("SIGHUP");

      await using browser = await TestBrowser.open();
      const context = await browser.newContext({
        viewport: { width: 1_920, height: 1_080 },
        bypassCSP: true,
      });
      context.setDefaultTimeout(WAIT_MS);
      const page = await context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));

      await stage("the link logs in, and its token is in no address", async () => {
        await host.process.stderrHas(/Read tokens/);
        await page.goto(link);
        await page.locator("#verdict.lost[data-news]").waitFor();
        const { pathname, search, hash } = new URL(page.url());
        assert.deepEqual([pathname, search, hash], ["/", "?view=wall", ""]);
        assert.ok(asked.every((url) => !url.includes(token)), asked.join("\n"));
        const cookies = await context.cookies();
        const [{ expires = 0, httpOnly = false } = {}] = cookies;
        assert.ok(httpOnly && expires * 1000 > Date.now() + 300 * 86_400_000, "it does not end");
      });

      await stage("tiles by station, no controls, legible at 1080 lines and at 2160", async () => {
        const tile = page.locator(".tile").filter({ hasText: "Foyer rechts" });
        await tile.getByText("rock-paper-scissors").waitFor();
        await tile.getByText(/^down \d/).waitFor();
        await tile.getByText("3/4").waitFor();
        assert.equal(await page.locator("button, input, a, select").count(), 0);
        assert.ok(await smallestText(page) >= TEXT_PX_MIN - .01, `${await smallestText(page)} px`);
        await checkAccess(page);
        await keepPicture(page, "wall-en");
        await page.setViewportSize({ width: 3_840, height: 2_160 });
        assert.ok(await smallestText(page) >= 2 * TEXT_PX_MIN - .01);
        await fits(page);
        await page.setViewportSize({ width: 1_080, height: 1_920 });
        await fits(page);
        await page.setViewportSize({ width: 1_920, height: 1_080 });
        assert.deepEqual(await page.evaluate(CROWDED), []);
      });

      await stage("past sixteen stations those that are well share a tile", async () => {
        for (const [index] of many.entries()) await beat(STATIONS.length + index, "pong");
        await page.getByText("26 stations").waitFor();
        assert.equal(await page.locator(".tile").count(), 3);
      });

      await stage("what does not fit takes turns", async () => {
        for (const [index] of many.entries()) await beat(STATIONS.length + index, "lenart", 1);
        await page.locator("#turn").getByText("1/2").or(page.locator("#turn").getByText("2/2"))
          .first().waitFor();
        const seen = new Set<string>();
        const note = async () => {
          for (const place of await page.locator(".tile h2").allInnerTexts()) seen.add(place);
        };
        const first = await page.locator("#turn").innerText();
        await note();
        await page.waitForFunction(
          `document.getElementById("turn").textContent.trim() !== ${JSON.stringify(first.trim())}`,
        );
        await note();
        for (const place of ["Foyer rechts", ...many]) assert.ok(seen.has(place), place);
        assert.deepEqual(await page.evaluate(CROWDED), []);
        await checkAccess(page);
      });

      await stage("in German, dimmed by night", async () => {
        await page.goto(`${consoleUrl}/?view=wall&lang=de&dim=0-23:59`);
        await page.locator("body.dimmed").waitFor();
        await page.getByText(/^seit \d/).first().waitFor();
        await keepPicture(page, "wall-night-de");
        await page.goto(`${consoleUrl}/?view=wall&lang=de`);
        await page.locator("#verdict.lost[data-news]").waitFor();
        await keepPicture(page, "wall-de");
      });

      await stage("without news nothing has a colour, and everything was", async () => {
        host.process.signal("SIGSTOP");
        await page.locator("body.silent").waitFor();
        await page.getByText("war aus").first().waitFor();
        assert.equal(await page.getByText("alles läuft").count(), 0);
        const colours = await page.evaluate(`[...new Set(
          [...document.querySelectorAll(".tile, .tile *")].map((part) => getComputedStyle(part).color)
        )]`);
        assert.deepEqual(colours, ["rgb(157, 168, 179)"]);
        await keepPicture(page, "wall-no-news-de");
        host.process.signal("SIGCONT");
        await page.locator("#verdict.lost").waitFor();
      });

      await stage("removing the token's line logs the wall out", async () => {
        await Deno.writeTextFile(file, "write fedcba9876543210\n");
        host.process.signal("SIGHUP");
        await page.waitForURL(/\/login\?view=wall/);
      });
    },
  });
}
