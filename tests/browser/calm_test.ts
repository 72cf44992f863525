/**
 * How little of the page changes, and that nothing jumps. No time is measured here: `deno task bench
 * page` does that.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { Operator } from "./operator.ts";

const FEW = 20;
const MANY = 1_000;
const AT_ONCE = 50;

/** Notes each element that changes, by the row or card in which it stands. */
const WATCH = `
  window.touched = new Map();
  new MutationObserver((records) => {
    for (const { target } of records) {
      const part = target instanceof Element ? target : target.parentElement;
      // The band and the list of events have news whatever happens.
      if (part.closest("header, head, title, .happenings") !== null) continue;
      const place = part.closest(".row, .card, .head")?.querySelector(".name")?.textContent ??
        (part.closest("[id]")?.id ?? "");
      if (!touched.has(place)) touched.set(place, new Set());
      touched.get(place).add(target);
    }
  }).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true });
`;

async function ask(heartbeats: string, order: "hb_init" | "hb_ping", name: string): Promise<void> {
  const reply = await fetch(`${heartbeats}/${order}?600000&appid=${name}`);
  await reply.body?.cancel();
}

if (hasChromium("a page that stays calm")) {
  Deno.test({
    name: "calm: a change touches its own row, as much with a thousand members as with twenty",
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(test) {
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      const heartbeats = `http://${await host.address("heartbeat")}`;
      const url = `http://${await host.address("console")}/`;
      await using operator = await Operator.open(url);
      const { page } = operator;
      const touched: Record<number, unknown> = {};
      for (const count of [FEW, MANY]) {
        await test.step(`${count} members`, async () => {
          for (let from = 0; from < count; from += AT_ONCE) {
            const length = Math.min(AT_ONCE, count - from);
            await Promise.all(
              Array.from(
                { length },
                (_, index) => ask(heartbeats, "hb_ping", `exhibit-${from + index}`),
              ),
            );
          }
          await page.goto(url);
          // The rows that the server makes are there at once.
          await page.locator("#main[data-live]").waitFor();
          await page.locator(".row").nth(count - 1).waitFor({ state: "attached" });
          // Those below the screen are filled in later frames.
          await page.locator(".groups:not([aria-busy])").waitFor();
          const has = page.getByText("exhibit-7", { exact: true });
          const kind = (name: string) => page.locator(`.row[data-kind="${name}"]`, { has });
          await ask(heartbeats, "hb_init", "exhibit-7");
          await kind("starting").waitFor({ state: "attached" });
          await page.evaluate(WATCH);
          await ask(heartbeats, "hb_ping", "exhibit-7");
          await kind("ok").waitFor({ state: "attached" });
          touched[count] = await page.evaluate(
            "Object.fromEntries([...touched].map(([place, parts]) => [place, parts.size]))",
          );
        });
      }
      await test.step("at rest nothing is animated", async () => {
        // What takes old news away is an animation of one step, which waits.
        const animated = `document.getAnimations().map(({ animationName, transitionProperty }) =>
          animationName ?? transitionProperty).filter((name) => !/^(no-news|vanish|appear)/.test(name))`;
        for (const beat of ["#news .odd", "#news i:not(.odd)"]) {
          await page.locator(beat).waitFor();
          assert.deepEqual(await page.evaluate(animated), []);
        }
      });
      assert.deepEqual(Object.keys(touched[FEW] as object), ["exhibit-7"]);
      assert.deepEqual(touched[MANY], touched[FEW]);
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "calm: a row in a list of those that need attention follows its member",
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      const heartbeats = `http://${await host.address("heartbeat")}`;
      await (await fetch(`${heartbeats}/hb_ping?600000&appid=steady`)).text();
      const url = `http://${await host.address("console")}/`;
      await using operator = await Operator.open(url);
      const { page } = operator;
      await page.goto(`${url}?state=attention`);
      await page.locator("#main[data-live]").waitFor();
      await (await fetch(`${heartbeats}/hb_ping?500&appid=fleeting`)).text();
      await page.locator('.row[data-kind="late"]').waitFor();
      await page.locator('.row.down[data-kind="lost"]').waitFor();
      assert.deepEqual(operator.complaints, []);
    },
  });
}
