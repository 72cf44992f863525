/**
 * A page that hears nothing comes anew, whatever became of its script; one that lives never does.
 */

import { strict as assert } from "node:assert";
import type { Page } from "../packages/playwright.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { HOLDS, startHoldingProxy } from "./holding_proxy.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
/** A page comes anew after ten seconds; on a slow machine it takes longer. */
const RELOAD_MS = 120_000;
/** Longer than a page without news waits. */
const LONGER_MS = 13_000;

async function startHost(): Promise<{ host: WholeHost; url: string }> {
  const host = new WholeHost([], {}, HEARTBEATS_ONLY);
  const url = `http://${await host.address("console")}/`;
  return { host, url };
}

async function beat(host: WholeHost, name: string, delayMs = 600_000): Promise<void> {
  const reply = await fetch(
    `http://${await host.address("heartbeat")}/hb_ping?${delayMs}&appid=${name}`,
  );
  assert.equal(reply.status, 200, await reply.text());
}

/**
 * Counts how often the browser asks for the page itself. A new address of the same document is no load;
 * and what a page shows can be read before the browser calls it loaded.
 */
function loads(page: Page): { count: number } {
  const seen = { count: 0 };
  page.on("request", (request) => {
    if (request.isNavigationRequest()) seen.count++;
  });
  return seen;
}

/** What becomes of the page's script or its stream, and who is then in charge of coming anew. */
const DEATHS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  "whose script is blocked": (page) => page.route("**/assets/*.js", (route) => route.abort()),
  "whose script never arrives": (page) => page.route("**/assets/main.js", () => {}),
  "of whose script a part never arrives": (page) => page.route("**/assets/live.js", () => {}),
  "of which nothing ever arrives": (page) => page.route("**/assets/*", () => {}),
  "whose style never arrives": (page) => page.route("**/assets/page.css", () => {}),
  "whose script is not JavaScript to its browser": (page) =>
    page.route(
      "**/assets/live.js",
      (route) =>
        route.fulfill({ contentType: "text/javascript", body: "export class Live { ?. }" }),
    ),
  "whose script throws when it starts": (page) =>
    page.route(
      "**/assets/main.js",
      (route) =>
        route.fulfill({ contentType: "text/javascript", body: 'throw new Error("dead");' }),
    ),
  "whose script throws at the first news": (page) =>
    page.route("**/assets/members_model.js", async (route) => {
      const reply = await route.fetch();
      const body = (await reply.text()).replace(/(\n *replace\([^\n]*\{\n)/, "$1throw 1;\n");
      assert.match(body, /throw 1;/);
      await route.fulfill({ response: reply, body });
    }),
  "that cannot show what it hears": (page) =>
    page.route("**/assets/verdict_band.js", async (route) => {
      const reply = await route.fetch();
      const body = (await reply.text())
        .replace(/(\n *tell\([^\n]*\{\n)/, '$1if (this.#told) throw new Error("dead");\n');
      assert.match(body, /throw new Error/);
      await route.fulfill({ response: reply, body });
    }),
  "whose stream is refused": (page) =>
    page.route("**/api/v1/events*", (route) => route.fulfill({ status: 503, body: "" })),
  "whose stream says nothing": (page) => page.route("**/api/v1/events*", () => {}),
};

if (hasChromium("pages that come anew")) {
  Deno.test({
    name: "reload: a page comes anew and tells the truth, whatever became of script or stream",
    ...OPTIONS,
    async fn(test) {
      const { host, url } = await startHost();
      await using _running = host;
      await beat(host, "tetris");
      await using browser = await TestBrowser.open();
      const pages = new Map<string, Page>();
      const asked = new Map<Page, { count: number }>();
      for (const [what, die] of Object.entries(DEATHS)) {
        // Tabs of one context would help each other.
        const page = await (await browser.newContext()).newPage();
        asked.set(page, loads(page));
        await die(page);
        // Some of them never load.
        await page.goto(url, { waitUntil: "commit" });
        pages.set(what, page);
      }
      await beat(host, "fleeting", 1);
      for (const [what, page] of pages) {
        // Nothing but a new page can tell that: no script and no stream works.
        await test.step(`a page ${what}`, async () => {
          await page.locator("#verdict.lost #status").getByText("1 of 2 is lost")
            .waitFor({ timeout: RELOAD_MS });
          assert.ok((asked.get(page)?.count ?? 0) > 1, "it did not come anew");
        });
      }
    },
  });

  Deno.test({
    name: "reload: a page that cannot show a member's change with the next frame has no news",
    ...OPTIONS,
    async fn() {
      const { host, url } = await startHost();
      await using _running = host;
      await beat(host, "tetris");
      await using operator = await Operator.open("about:blank");
      const { page } = operator;
      await page.route("**/assets/exhibits.js", async (route) => {
        const reply = await route.fetch();
        const body = (await reply.text())
          .replace(/(\n *#onChanged\([^\n]*\{\n)/, '$1throw new Error("dead");\n');
        assert.match(body, /throw new Error/);
        await route.fulfill({ response: reply, body });
      });
      await page.goto(url);
      await page.locator("#main[data-live]").waitFor();
      await beat(host, "pong");
      await page.locator("#verdict.silent").waitFor({ timeout: RELOAD_MS });
    },
  });

  for (const hold of HOLDS) {
    Deno.test({
      name:
        `reload: a page whose events a proxy holds back ${hold} comes anew, and believes no old news`,
      ...OPTIONS,
      async fn() {
        const { host, url } = await startHost();
        await using _running = host;
        await beat(host, "tetris");
        await using proxy = startHoldingProxy(url, hold);
        await using operator = await Operator.open("about:blank");
        const { page } = operator;
        await page.goto(proxy.url);
        const seen = loads(page);
        await page.locator("#verdict.silent").waitFor({ timeout: RELOAD_MS });
        await beat(host, "fleeting", 1);
        await page.locator("#verdict.lost #status").getByText("1 of 2 is lost")
          .waitFor({ timeout: RELOAD_MS });
        assert.ok(seen.count > 0);
      },
    });
  }

  Deno.test({
    name: "reload: a living page never comes anew",
    ...OPTIONS,
    async fn() {
      const { host, url } = await startHost();
      await using _running = host;
      await using operator = await Operator.open(url);
      const { page } = operator;
      await page.locator("#verdict[data-news]").waitFor();
      const seen = loads(page);
      await page.evaluate(`new Promise((done) => setTimeout(done, ${LONGER_MS}))`);
      assert.equal(seen.count, 0);
      assert.equal(await page.locator("#rescue").count(), 0);
      await page.locator("#verdict[data-news]").waitFor();
    },
  });

  Deno.test({
    name: "reload: whoever types is not disturbed, and a page of a dead host stays",
    ...OPTIONS,
    async fn() {
      const { host, url } = await startHost();
      await using running = host;
      await beat(host, "tetris");
      await using operator = await Operator.open(url);
      const { page } = operator;
      await operator.row("tetris").waitFor();
      const seen = loads(page);
      await page.route("**/api/v1/events*", (route) => route.fulfill({ status: 503, body: "" }));
      await page.getByLabel("Find an exhibit").pressSequentially("tet");
      // The page connects anew, and is refused; the host answers as before.
      await page.evaluate('dispatchEvent(new Event("online"))');
      await page.evaluate(`new Promise((done) => setTimeout(done, ${LONGER_MS}))`);
      await page.locator("#verdict.silent").waitFor();
      assert.equal(await page.getByLabel("Find an exhibit").inputValue(), "tet");
      assert.equal(seen.count, 0);
      await running[Symbol.asyncDispose]();
      // As if nobody had touched the page for a minute.
      await page.evaluate(
        "performance.now = ((now) => () => now() + 120_000)(performance.now.bind(performance))",
      );
      await page.evaluate(`new Promise((done) => setTimeout(done, ${LONGER_MS}))`);
      assert.equal(seen.count, 0);
      await page.locator("#verdict").getByText(/No news since/).filter({ visible: true }).first()
        .waitFor();
    },
  });
}
