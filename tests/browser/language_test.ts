/**
 * The pages in another language: everything that they say comes from its table, and no other is sent.
 */

import { strict as assert } from "node:assert";
import { speechOf, TABLES } from "../../src/console/language.ts";
import { GameClient } from "../../src/clients/game/client.ts";
import { WholeHost } from "../cli/whole_host.ts";
import type { Page } from "../packages/playwright.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;

/** A table whose sentences stand in brackets: whatever stands outside comes from no table. */
function pseudoTable(): string {
  const wrap = (phrase: string) => `⟦${phrase}⟧`;
  const table = Object.entries(TABLES.en).map(([key, phrase]) => [
    key,
    typeof phrase === "string"
      ? wrap(phrase)
      : { one: wrap(phrase.one), other: wrap(phrase.other) },
  ]);
  return `export const TEXTS = ${JSON.stringify(Object.fromEntries(table))};`;
}

/** Words outside of brackets in what people see, and in what screen readers say. */
const FIND_FOREIGN = `(() => {
  const found = [];
  const note = (text, element) => {
    let rest = text;
    for (let before = ""; before !== rest;) {
      before = rest;
      rest = rest.replace(/⟦[^⟦⟧]*⟧/g, " ");
    }
    // Names, addresses, states and alarms of protocols: what has a digit, a dot or only capitals.
    const words = rest.split(/\\s+/).filter((word) =>
      /\\p{L}{2,}/u.test(word) && !/[\\d.:@/_]/.test(word) && word !== word.toUpperCase() &&
      !["Pulsebox", "tetris", "fleeting", "playback", "pong"].includes(word.replace(/[(),]/g, "")));
    if (words.length > 0) found.push(element.tagName + ": " + rest.trim());
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.closest("script, style, pre, code, time, footer, .unit, .tile-figure, #empty[hidden], span[lang]") === null) {
      note(data, parentElement);
    }
  }
  for (const element of document.querySelectorAll(":not(#empty[hidden] *)")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"]) {
      const value = element.getAttribute(name);
      if (value !== null) note(value, element);
    }
  }
  return found;
})()`;

/** A sentence that no table has. */
const HOST_SENTENCE = "The host says this in English";

/** What the host says in English and nothing marks as that. */
const FIND_UNMARKED = `(() => {
  const unmarked = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!/${HOST_SENTENCE}|The command for|exit status/i.test(data)) continue;
    if (parentElement.closest("[lang]").lang !== "en") unmarked.push(parentElement.outerHTML);
  }
  return unmarked;
})()`;

async function living(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator("#verdict[data-news]").waitFor();
}

if (hasChromium("the pages in German")) {
  Deno.test({
    name:
      "language: the page speaks the browser's or the link's language, and loads no other table",
    ...OPTIONS,
    async fn(step) {
      await using host = new WholeHost([
        "--hev-source=dump:B6-20200805.dump",
        "--on-lost=exit 3",
      ]);
      const url = `http://${await host.address("console")}/`;
      await using game = new GameClient({
        url: `http://${await host.address("state")}`,
        id: "7",
        intervalMs: 100,
        ownCalibration: {},
      });
      for (const [name, delayMs] of [["tetris", 600_000], ["fleeting", 1]] as const) {
        const origin = `http://${await host.address("heartbeat")}`;
        await (await fetch(`${origin}/hb_ping?${delayMs}&appid=${name}`)).text();
      }
      // One that was never heard.
      const expected = encodeURIComponent("hilbert/pong @ 127.0.0.1");
      const reply = await fetch(`${url}api/v1/members/${expected}/announce`, {
        method: "POST",
        body: JSON.stringify({ graceMs: 3_600_000 }),
      });
      assert.equal(reply.status, 200, await reply.text());
      assert.ok(game.id !== "");
      await using browser = await TestBrowser.open();

      await step.step("German by the browser's wish", async () => {
        const context = await browser.newContext({ locale: "de-DE" });
        context.setDefaultTimeout(WAIT_MS);
        const page = await context.newPage();
        const asked: string[] = [];
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        await living(page, url);
        assert.equal(await page.getAttribute("html", "lang"), "de");
        await page.locator("#status").getByText(/ausgefallen|Hilfe|Alarm/).waitFor();
        assert.doesNotMatch(await page.title(), /lost|attention/);
        await page.getByText("Zeiten in der Zeitzone des Hosts").waitFor();
        assert.ok(asked.includes("/assets/texts_de.js"));
        assert.ok(!asked.includes("/assets/texts_en.js"), "no other language is sent");
        await living(page, `${url}?lang=en`);
        assert.equal(await page.getAttribute("html", "lang"), "en");
        await context.close();
      });

      await step.step("what the host says in English is marked as English", async () => {
        const context = await browser.newContext({ locale: "de-DE" });
        context.setDefaultTimeout(WAIT_MS);
        const page = await context.newPage();
        const { text } = speechOf("de");
        await page.route("**/api/v1/**", (route) => {
          const request = route.request();
          if (request.method() === "GET") return route.continue();
          const trial = { way: "command", target: "--on-lost", ok: false, detail: HOST_SENTENCE };
          return request.url().includes("/notify/test")
            ? route.fulfill({ json: { ok: false, trials: [trial] } })
            : route.fulfill({ status: 409, json: { detail: HOST_SENTENCE } });
        });
        await living(page, url);
        /** Waits until a place says something in English; fails if anything on the page is not marked. */
        const isMarked = async (place: string) => {
          await page.locator(`${place} [lang=en]`).first().waitFor();
          assert.deepEqual(await page.evaluate(FIND_UNMARKED), [], place);
        };
        for (const place of ["#status", "p.problem", ".last-run"]) await isMarked(place);
        await page.getByRole("button", { name: text("host.pause") }).click();
        await page.getByRole("dialog").waitFor();
        await page.keyboard.press("Enter");
        await isMarked("#complaint");
        await page.getByRole("button", { name: text("games.emergency-all") }).click();
        await isMarked(".fault");
        await page.getByRole("button", { name: text("telling.button") }).click();
        await isMarked(".trials");
        const refused = await browser.newPage();
        await refused.goto(`${url}no-page?lang=de`);
        assert.equal(
          await refused.locator("[lang=en]").textContent(),
          "404 · There is nothing at /no-page",
        );
        await refused.close();
        await context.close();
      });

      await step.step("nothing on the page stands outside of its table", async () => {
        const page = await browser.newPage();
        page.setDefaultTimeout(WAIT_MS);
        await page.route(
          "**/assets/texts_en.js",
          (route) => route.fulfill({ contentType: "text/javascript", body: pseudoTable() }),
        );
        await living(page, `${url}?lang=en`);
        await page.getByRole("heading", { name: "⟦Instrument⟧" }).waitFor();
        await page.locator(".happenings li").first().waitFor();
        assert.deepEqual(await page.evaluate(FIND_FOREIGN), []);
      });
    },
  });
}
