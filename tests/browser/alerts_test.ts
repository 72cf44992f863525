/**
 * Sound and notifications of the page: only for whoever wants them, until somebody is on it.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import type { Page } from "../packages/playwright.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { checkAccess, keepPicture } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;

/** Counts the tones, keeps the notifications that the page makes, and lets a minute pass at once. */
const LISTEN = `
  const minutes = new Map();
  const { setInterval: begin, clearInterval: end } = globalThis;
  globalThis.setInterval = (act, ms) => {
    const timer = begin(act, ms);
    if (ms === 60_000) minutes.set(timer, act);
    return timer;
  };
  globalThis.clearInterval = (timer) => {
    minutes.delete(timer);
    end(timer);
  };
  globalThis.passMinute = () => [...minutes.values()].forEach((act) => act());
  globalThis.tones = 0;
  globalThis.notices = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...rest) {
    globalThis.tones++;
    return start.apply(this, rest);
  };
  globalThis.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      globalThis.notices.push([title, options.body]);
    }
  };
`;

/**
 * Waits until a page has an element with a text, without touching the page: whatever else a driver asks
 * runs a script in the page as if a user had begun it, and the browser permits sound from then on.
 */
async function untouchedHas(page: Page, selector: string, text = ""): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await eventually(`${selector} with "${text}"`, async () => {
    const { root } = await session.send("DOM.getDocument");
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    if (nodeId === 0) return false;
    return (await session.send("DOM.getOuterHTML", { nodeId })).outerHTML.includes(text);
  }, WAIT_MS);
  await session.detach();
}

if (hasChromium("sound and notifications of the page", "whole")) {
  Deno.test({
    name: "alerts: two tones each minute and a notification, until somebody is on it",
    ...OPTIONS,
    async fn(step) {
      const stage = async (name: string, act: () => Promise<void>) => {
        assert.ok(await step.step(name, act), name);
      };
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      const url = `http://${await host.address("console")}/`;
      const heartbeats = `http://${await host.address("heartbeat")}`;
      const beat = async (name: string, delayMs: number) => {
        await (await fetch(`${heartbeats}/hb_ping?${delayMs}&appid=${name}`)).text();
      };
      await beat("tetris", 600_000);
      await using browser = await TestBrowser.open("whole");
      const context = await browser.newContext({ bypassCSP: true });
      await context.grantPermissions(["notifications"]);
      context.setDefaultTimeout(WAIT_MS);
      await context.addInitScript(LISTEN);
      const page = await context.newPage();
      await page.goto(url);
      await page.locator("#verdict.well[data-news]").waitFor();
      const tones = () => page.evaluate("tones");
      const notices = () => page.evaluate("notices") as Promise<[string, string][]>;

      await stage("nothing sounds that nobody has switched on", async () => {
        await beat("fleeting", 1);
        await page.locator("#verdict.lost").waitFor();
        assert.deepEqual([await tones(), await notices()], [0, []]);
        await beat("fleeting", 600_000);
        await page.locator("#verdict.well").waitFor();
      });

      await stage("whoever switches it on hears it, and it is remembered", async () => {
        await page.getByRole("switch", { name: "Sound" }).click();
        await eventually("two tones to try", async () => await tones() === 2);
        await page.getByRole("switch", { name: "Notifications" }).click();
        await checkAccess(page);
        await page.reload();
        await untouchedHas(page, "#verdict.well[data-news]");
        await untouchedHas(page, '[role="switch"][aria-checked="true"]');
        await untouchedHas(page, "#sound-note", "The browser plays no sound yet");
        await page.locator("h1, #verdict").first().click();
        await page.getByText("Two tones when something is down").waitFor();
        assert.equal(await tones(), 0);
      });

      await stage("a loss is told at once, and each minute again", async () => {
        await beat("fleeting", 1);
        await eventually("two tones", async () => await tones() === 2);
        const [[title = "", body = ""] = []] = await notices();
        assert.match(title, /^1 of 2 is lost$/);
        assert.match(body, /^fleeting \d/);
        await page.evaluate("passMinute()");
        await eventually("two more", async () => await tones() === 4);
        await keepPicture(page, "alerts-en");
      });

      await stage("it ends as soon as somebody is on it", async () => {
        const path = "api/v1/members/fleeting/acknowledge";
        const reply = await fetch(url + path, {
          method: "POST",
          body: JSON.stringify({ by: "Anna" }),
        });
        assert.equal(reply.status, 200, await reply.text());
        await page.getByText("Anna is on it").first().waitFor();
        await page.evaluate("passMinute()");
        assert.equal(await tones(), 4);
      });

      await stage("where a browser allows no notifications, a sentence says why", async () => {
        const other = await context.newPage();
        await other.addInitScript(
          'Object.defineProperty(globalThis, "isSecureContext", { value: false })',
        );
        await other.goto(`${url}?lang=de`);
        await other.getByText("Browser erlauben Mitteilungen nur auf HTTPS-Seiten").waitFor();
        assert.ok(await other.getByRole("switch", { name: "Mitteilungen" }).isDisabled());
      });
    },
  });
}
