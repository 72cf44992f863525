/**
 * The page of exhibits in a real browser: cards, groups, links, many at once, and one in detail.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { Operator } from "./operator.ts";
import { beatFrom } from "./stations.ts";

const STATIONS = [
  ...["Außenstation", "Foyer", "Kinderbereich", "Kuppel", "Saal 1", "Saal 2"],
  ...["Saal 3", "Saal 4", "Saal 5", "Saal 6", "Saal 7", "Saal 10"],
];
const NAMES = ["cinderella", "julius", "lenart", "pong", "surfer"];
/** Elements that a page at rest may change each second. */
const CHANGES_PER_SECOND_MAX = 20;
const LAYOUT_SHIFT_MAX = 0.02;
/** More than a word of a card that gets longer. */
const JUMP_MIN = 0.001;
const REST_MS = 5_000;
const WIDTHS = [320, 768, 1_440, 3_840];

const WATCH = `
  window.changes = 0;
  window.shift = 0;
  new MutationObserver((records) => window.changes += records.length).observe(document.body, {
    subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift" });
`;

/** Waits until nothing is on its way, and what was seen of that is told. */
const GLIDED =
  `Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})))
  .then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))`;

/** Rows from which something hangs into another one. */
const OVERLAPPING = `[...document.querySelectorAll(".row, .head")].flatMap((row) => {
  const { top, bottom } = row.getBoundingClientRect();
  return [...row.children].filter((cell) => {
    const box = cell.getBoundingClientRect();
    return box.height > 0 && (box.top < top - 2 || box.bottom > bottom + 2);
  }).map((cell) => row.textContent + ": " + cell.className);
})`;

/** A browser without a clipboard, and what is copied nevertheless. */
const WITHOUT_CLIPBOARD = `
  Object.defineProperty(navigator, "clipboard", { value: undefined });
  addEventListener("copy", () => window.copied = document.activeElement.value);
`;

async function museum(): Promise<{ host: WholeHost; url: string; heartbeats: string }> {
  const stations = STATIONS.map((name, index) =>
    `--heartbeat-stations=127.0.4.${index + 1}=${name}`
  );
  const host = new WholeHost([...stations, "--tag=lenart=kiosk"], {}, HEARTBEATS_ONLY);
  const url = `http://${await host.address("console")}`;
  const heartbeats = `http://${await host.address("heartbeat")}`;
  for (const index of STATIONS.keys()) {
    for (const name of NAMES) await beatFrom(`127.0.4.${index + 1}`, heartbeats, name);
  }
  return { host, url, heartbeats };
}

async function isLost(url: string, count: number): Promise<void> {
  await eventually(`${count} lost`, async () => {
    const { counts } = await (await fetch(`${url}/api/v1/verdict`)).json();
    return counts.lost + counts.gone === count;
  });
}

if (hasChromium("the page of exhibits")) {
  Deno.test({
    name: "exhibits: a museum of sixty",
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(test) {
      const { host, url, heartbeats } = await museum();
      await using _running = host;
      await using operator = await Operator.open(url);
      const { page } = operator;
      const group = (name: string) => page.locator(".group").filter({ hasText: name });
      const card = (name: string) => page.getByRole("article", { name });
      await page.locator("#main[data-live]").waitFor();

      await test.step("twelve groups that are well are closed, in the order of their names", async () => {
        const titles = await page.locator(".fold .title").allInnerTexts();
        assert.deepEqual(titles.slice(-2), ["Saal 7", "Saal 10"]);
        assert.equal(await page.locator(".row").count(), 0, "closed groups have no rows");
        await group("Foyer").getByText("5/5").waitFor();
      });

      await test.step("at rest next to nothing changes, and nothing moves", async () => {
        await page.locator(".happenings li").first().waitFor();
        await page.evaluate(WATCH);
        await page.evaluate(`new Promise((done) => setTimeout(done, ${REST_MS}))`);
        const { changes, shift } = await page.evaluate("({ changes, shift })") as {
          changes: number;
          shift: number;
        };
        assert.ok(changes / (REST_MS / 1_000) <= CHANGES_PER_SECOND_MAX, `${changes} changes`);
        assert.ok(shift <= LAYOUT_SHIFT_MAX, `shifted by ${shift}`);
      });

      await test.step("for those who want no motion, nothing moves", async () => {
        // What tells old news from new ones is an animation of one step.
        const moving = `document.getAnimations().map(({ animationName, transitionProperty }) =>
          animationName ?? transitionProperty).filter((name) => !/^(no-news|vanish|appear)/.test(name))`;
        await page.emulateMedia({ reducedMotion: "reduce" });
        await group("Saal 10").locator(".fold").click();
        for (let news = 0; news < 3; news++) {
          const last = await page.locator("#verdict").getAttribute("data-news");
          await page.locator(`#verdict:not([data-news="${last}"])`).waitFor();
          assert.deepEqual(await page.evaluate(moving), []);
        }
        await group("Saal 10").locator(".fold").click();
        await page.emulateMedia({ reducedMotion: "no-preference" });
        // A group that was closed by hand would stay so.
        await page.goto(url);
        await page.locator("#main[data-live]").waitFor();
      });

      await test.step("who is lost gets a card, the newest outage first, and opens its group", async () => {
        await page.evaluate("shift = 0");
        await beatFrom("127.0.4.2", heartbeats, "lenart", 1);
        await isLost(url, 1);
        await card("lenart (Foyer)").getByText(/^Lost /).waitFor();
        await beatFrom("127.0.4.7", heartbeats, "pong", 1);
        await isLost(url, 2);
        await card("pong (Saal 3)").waitFor();
        const names = await page.getByRole("article").evaluateAll((cards) =>
          cards.map((each) => (each as { ariaLabel?: string }).ariaLabel)
        );
        assert.deepEqual(names, ["pong (Saal 3)", "lenart (Foyer)"]);
        await group("Foyer").getByText("1 lost").waitFor();
        assert.equal(await group("Foyer").locator(".row").count(), 5);
        await page.evaluate(GLIDED);
        const shift = await page.evaluate("shift") as number;
        assert.ok(shift < JUMP_MIN, `what is pushed aside glides: ${shift}`);
        assert.match(
          await group("Foyer").getByRole("row", { name: /lenart/ }).locator(".strip")
            .getAttribute("aria-label") ?? "",
          /0.5 h lost/,
        );
        await operator.picture("exhibits-lost");
      });

      await test.step("I'm on it takes a name once, and is on card, verdict and row", async () => {
        await card("lenart (Foyer)").getByRole("button", { name: "I’m on it" }).click();
        await page.getByLabel("Your name").fill("Anna");
        await page.getByLabel("Note", { exact: true }).fill("power supply ordered");
        await page.keyboard.press("Enter");
        await card("lenart (Foyer)").getByText("Anna: power supply ordered").waitFor();
        await page.getByRole("status").getByText("2 of 60 are lost, 1 being handled").waitFor();
        await card("pong (Saal 3)").getByRole("button", { name: "I’m on it" }).click();
        assert.equal(await page.getByLabel("Your name").inputValue(), "Anna");
        await page.keyboard.press("Escape");
      });

      await test.step("a card under the pointer stays when its exhibit runs again, and goes later", async () => {
        await page.evaluate("shift = 0");
        await card("pong (Saal 3)").hover();
        await beatFrom("127.0.4.7", heartbeats, "pong");
        await card("pong (Saal 3)").getByText("running").waitFor();
        await page.mouse.move(0, 0);
        await card("pong (Saal 3)").waitFor({ state: "detached", timeout: 60_000 });
        await card("lenart (Foyer)").waitFor();
        await page.evaluate(GLIDED);
        const shift = await page.evaluate("shift") as number;
        assert.ok(shift < JUMP_MIN, `what takes its place glides: ${shift}`);
      });

      await test.step("every view is a link", async () => {
        const views: [query: string, rows: number, count: string][] = [
          ["?q=saal%203", 5, "5 of 60 members"],
          ["?state=attention", 1, "1 of 60 members"],
          ["?tag=kiosk", 12, "12 of 60 members"],
          ["?group=none", 60, "60 members"],
          ["?group=protocol", 60, "60 members"],
          ["?open=Kuppel&shut=Foyer", 5, "60 members"],
        ];
        for (const [query, rows, count] of views) {
          await page.goto(`${url}/${query}`);
          await page.getByText(count, { exact: true }).waitFor();
          assert.equal(await page.locator(".row").count(), rows, query);
        }
        await page.goto(`${url}/?view=history&theme=dark`);
        await page.getByRole("heading", { name: "What happened" }).waitFor();
        assert.ok(!await page.locator("#exhibits").isVisible());
        assert.equal(
          await page.evaluate("getComputedStyle(document.body).backgroundColor"),
          "rgb(11, 15, 20)",
        );
      });

      await test.step("a range is selected with the shift key and paused in one call", async () => {
        await page.goto(`${url}/?q=kuppel`);
        await page.getByRole("checkbox", { name: "Select cinderella (Kuppel)" }).check();
        await page.getByRole("checkbox", { name: "Select lenart (Kuppel)" })
          .click({ modifiers: ["Shift"] });
        await page.getByText("3 selected").waitFor();
        const calls: string[] = [];
        page.on("request", (request) => {
          if (request.method() === "POST") calls.push(new URL(request.url()).pathname);
        });
        await page.getByRole("button", { name: "Maintenance…", exact: true }).click();
        await page.getByLabel("For", { exact: true }).selectOption("Until tomorrow 9:00");
        await page.keyboard.press("Enter");
        await group("Kuppel").getByText("3 in maintenance").waitFor();
        assert.deepEqual(calls, ["/api/v1/members/pause"]);
        await operator.row("julius").getByText(/^Maintenance until .*0?9:00$/).waitFor();
      });

      await test.step("by keyboard alone: find, step, open, zoom, close, and be where one was", async () => {
        await page.goto(`${url}/?group=none`);
        await page.locator(".row").nth(59).waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type("lenart");
        await page.getByText("12 of 60 members").waitFor();
        await page.keyboard.press("Tab");
        await page.evaluate("document.activeElement.blur()");
        await page.keyboard.press("j");
        await page.keyboard.press("j");
        await page.keyboard.press("k");
        const name = await page.evaluate("document.activeElement.ariaLabel") as string;
        assert.match(name, /^lenart \(/);
        await page.keyboard.press("Enter");
        const panel = page.getByRole("complementary", { name: "lenart" });
        await panel.getByRole("heading", { name: "Outages" }).waitFor();
        await panel.getByRole("button", { name: "Zoom in" }).press("Enter");
        assert.ok(await panel.locator(".timeline text").count() >= 3);
        await operator.isAccessible();
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate("document.activeElement.ariaLabel"), name);
      });

      await test.step("a panel is a link, and says who was on an outage", async () => {
        await page.goto(`${url}/?member=${encodeURIComponent("hilbert/lenart @ 127.0.4.2")}`);
        const panel = page.getByRole("complementary", { name: "lenart" });
        await panel.getByRole("row", { name: /now .* fell silent Anna power supply/ }).waitFor();
        await panel.getByText("Anna: power supply ordered").waitFor();
        // The host kept them: this page has heard no beat.
        await panel.getByRole("img", { name: /^\d+ intervals?, mostly / }).waitFor();
        await operator.picture("exhibits-panel");
      });

      await test.step("tags are set in the panel, shown there, and filter at once", async () => {
        const panel = page.getByRole("complementary", { name: "lenart" });
        await panel.getByRole("button", { name: "Tags…" }).press("Enter");
        const dialog = page.getByRole("dialog", { name: "Tags of lenart (Foyer)" });
        await dialog.getByText("From the settings: kiosk").waitFor();
        await page.keyboard.type("two words");
        await page.keyboard.press("Enter");
        assert.ok(await dialog.isVisible(), "no tag has a blank");
        await dialog.getByLabel("Tags", { exact: true }).fill("Küche, loud");
        await operator.isAccessible();
        await page.keyboard.press("Enter");
        await panel.getByText("kiosk, Küche, loud", { exact: true }).waitFor();
        await page.getByText("lenart (Foyer) now has the tags Küche, loud").first().waitFor();
        await page.keyboard.press("Escape");
        const filter = page.getByLabel("Tag", { exact: true });
        await filter.selectOption("loud");
        await page.getByText("1 of 60 members").waitFor();
        assert.equal(new URL(page.url()).searchParams.get("tag"), "loud");
        // Who loses the tag leaves the list that is filtered by it.
        const id = encodeURIComponent("hilbert/lenart @ 127.0.4.2");
        const set = await fetch(`${url}/api/v1/members/${id}/tags`, {
          method: "POST",
          body: '{"tags":[]}',
        });
        assert.deepEqual((await set.json()).tags, ["kiosk"]);
        await page.getByText("0 of 60 members").waitFor();
      });

      await test.step("it fits and is accessible from 320 to 3 840 px, light and dark", async () => {
        for (const theme of ["light", "dark"]) {
          await page.goto(`${url}/?theme=${theme}`);
          await page.locator("#main[data-live]").waitFor();
          await card("lenart (Foyer)").waitFor();
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            await operator.fits();
            await operator.picture(`exhibits-${theme}-${width}`);
          }
          await operator.isAccessible();
        }
        await page.setViewportSize({ width: 1_280, height: 900 });
      });

      await test.step("sixty are printed on two pages", async () => {
        await page.goto(url);
        await page.locator("#main[data-live]").waitFor();
        // Paper is as narrow as a phone; its rows are those of a desk all the same.
        await page.emulateMedia({ media: "print" });
        await page.setViewportSize({ width: 700, height: 1_000 });
        assert.deepEqual(await page.evaluate(OVERLAPPING), []);
        await operator.picture("exhibits-paper");
        await page.emulateMedia({ media: null });
        await page.setViewportSize({ width: 1_280, height: 900 });
        const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
        const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        assert.ok(pages >= 1 && pages <= 2, `${pages} pages`);
      });

      await test.step("a member is forgotten only after a question that names its station", async () => {
        await page.goto(`${url}/?q=foyer`);
        await page.getByRole("button", { name: "Actions for surfer (Foyer)" }).click();
        await page.getByRole("menuitem", { name: "Forget…" }).click();
        const dialog = page.getByRole("dialog", { name: "Forget surfer (Foyer)?" });
        await dialog.getByRole("button", { name: "Forget", exact: true }).click();
        await page.getByText("4 of 59 members").waitFor();
      });
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "exhibits: an empty page says how to begin",
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      const url = `http://${await host.address("console")}`;
      const heartbeats = await host.address("heartbeat");
      await using operator = await Operator.open(url);
      const { page } = operator;
      await page.locator("#main[data-live]").waitFor();
      await page.getByText(`curl 'http://${heartbeats}/hb_ping?5000&appid=tetris'`).waitFor();
      await page.getByText("No phone can open this console").waitFor();
      await operator.isAccessible();
      await operator.fits();
      await operator.picture("exhibits-empty");
      const command = await page.locator("#empty .command pre").innerText();
      assert.match(command, /^curl '/);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("#empty").getByRole("button", { name: "Copy", exact: true }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      assert.equal(await page.evaluate("navigator.clipboard.readText()"), command);
      // A browser gives no clipboard over plain HTTP from another machine.
      await page.evaluate(WITHOUT_CLIPBOARD);
      const copier = page.locator("#empty").getByRole("button", { name: "Copy", exact: true });
      await copier.press("Enter");
      await page.getByRole("button", { name: "Copied" }).waitFor();
      assert.equal(await page.evaluate("copied"), command);
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Copied");
      await (await fetch(`http://${heartbeats}/hb_ping?60000&appid=tetris`)).text();
      await operator.row("tetris").getByText("running").waitFor();
      await page.getByRole("button", { name: /^Actions for tetris/ }).click();
      await page.getByRole("menuitem", { name: "Copy address" }).click();
      assert.equal(await page.evaluate("copied"), "127.0.0.1");
      assert.ok(!await page.locator("#empty").isVisible());
      assert.deepEqual(operator.complaints, []);
    },
  });
}
