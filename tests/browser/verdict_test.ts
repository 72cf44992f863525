/**
 * The page's verdict in a real browser: never good without news, and the same in every tab.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
/** A browser opens six connections to a host. */
const TABS = 7;
/** The style sheet waits ten seconds; a slow machine more. */
const EXPIRY_MS = 30_000;
const NO_NEWS = /No news since \d\d:\d\d:\d\d/;

async function startHost(): Promise<{ host: WholeHost; url: string }> {
  const host = new WholeHost([], {}, HEARTBEATS_ONLY);
  const url = `http://${await host.address("console")}`;
  await beat(host, "tetris");
  return { host, url };
}

async function beat(host: WholeHost, name: string, delayMs = 600_000): Promise<void> {
  const origin = `http://${await host.address("heartbeat")}`;
  const reply = await fetch(`${origin}/hb_ping?${delayMs}&appid=${name}`);
  assert.equal(reply.status, 200, await reply.text());
}

if (hasChromium("the page's verdict")) {
  Deno.test({
    name: "verdict: a killed host leaves no good verdict in headline, title and icon",
    ...OPTIONS,
    async fn() {
      const { host, url } = await startHost();
      await using running = host;
      await using operator = await Operator.open(url);
      const { page } = operator;
      await page.locator("#verdict.well[data-news]").getByText("● All is well").waitFor();
      assert.equal(await page.title(), "● All is well · Pulsebox");
      await running[Symbol.asyncDispose]();
      // A slow end of the host may take longer than the style sheet waits; then another line says it.
      await page.locator("#verdict.silent p:visible", { hasText: NO_NEWS }).first().waitFor();
      assert.match(await page.title(), /^\? No news since/);
      // All that tells since when nothing is known tells the same.
      const [time] = /[\d:]{8}/.exec(await page.title()) ?? [];
      await page.getByText(`Everything below is as it was at ${time}`).waitFor();
      assert.match(await page.locator("#icon").getAttribute("href") ?? "", /424a53/);
    },
  });

  Deno.test({
    name: "verdict: the band names who is in trouble, where and for how long, and stays in sight",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost(
        ["--heartbeat-stations=127.0.0.1=Foyer"],
        {},
        HEARTBEATS_ONLY,
      );
      const url = `http://${await host.address("console")}`;
      await beat(host, "tetris");
      for (const name of ["a", "b", "c", "d<i>"]) await beat(host, encodeURIComponent(name), 1);
      await using operator = await Operator.open(url, { height: 300 });
      const { page } = operator;
      await page.locator("#verdict.lost").getByText("4 of 5 are lost").waitFor();
      const words = /^(?:(?:[abc]|d<i>) \(Foyer\) [\d.]+ s, ){3}1 more$/;
      await page.locator("#detail").getByText(words).waitFor();
      assert.match(await (await fetch(url)).text(), /id="detail">.* \(Foyer\) .*, 1 more</);
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      const { top, scrolled } = await page.evaluate(
        '({ top: document.getElementById("verdict").getBoundingClientRect().top, scrolled: scrollY })',
      ) as { top: number; scrolled: number };
      assert.ok(scrolled > 50 && top >= 0 && top < 20, `${top} px after ${scrolled}`);
      await operator.isAccessible();
      await operator.picture("verdict-band");
      await host[Symbol.asyncDispose]();
      await page.locator("#verdict.silent").waitFor();
      assert.equal(await page.locator("#detail").textContent(), "", "nothing is known");
    },
  });

  for (
    const [what, pattern, answer] of [
      ["a stream that is refused", "**/api/v1/events*", "503"],
      ["a stream that says nothing", "**/api/v1/events*", "silence"],
      ["a host that froze", "**/nothing", "freeze"],
      ["a script that never loads on a page that cannot come anew", "**/assets/*.js", "abort"],
    ] as const
  ) {
    Deno.test({
      name: `verdict: ${what} leaves no good verdict`,
      ...OPTIONS,
      async fn() {
        const { host, url } = await startHost();
        await using running = host;
        await using operator = await Operator.open("about:blank");
        const { page } = operator;
        await page.route(pattern, async (route) => {
          if (answer === "abort") await route.abort();
          if (answer === "503") await route.fulfill({ status: 503, body: "" });
          // Silence: the request is never answered.
        });
        await page.goto(url);
        // As behind a host that takes the request and never answers: the page stays.
        if (answer === "abort") await page.evaluate("clearInterval(rescue)");
        if (answer === "freeze") running.process.signal("SIGSTOP");
        await page.locator("#verdict").getByText(NO_NEWS).filter({ visible: true }).first().waitFor(
          { timeout: EXPIRY_MS },
        );
        await page.getByText("● All is well").waitFor({ state: "hidden" });
        const colour = await page.evaluate(
          'getComputedStyle(document.getElementById("verdict")).backgroundColor',
        );
        assert.equal(colour, "rgb(66, 74, 83)", "grey");
      },
    });
  }

  Deno.test({
    name: "verdict: seven tabs of one browser live, also when those with a stream are closed",
    ...OPTIONS,
    async fn() {
      const { host, url } = await startHost();
      await using _running = host;
      await using browser = await TestBrowser.open();
      const context = await browser.newContext();
      const pages = [];
      for (let tab = 0; tab < TABS; tab++) {
        const page = await context.newPage();
        await page.goto(url);
        await page.locator("#verdict.well[data-news]").waitFor();
        pages.push(page);
      }
      await beat(host, "late", 500);
      for (const page of pages) await page.locator("#verdict.lost").waitFor();
      await pages.shift()?.close();
      await beat(host, "late");
      for (const page of pages) await page.locator("#verdict.well").waitFor();
    },
  });
}
