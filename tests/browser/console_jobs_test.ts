/**
 * All of the page's jobs, in a real browser, on real running roles.
 */

import { strict as assert } from "node:assert";
import { GameClient } from "../../src/clients/game/client.ts";
import { TriggerClient } from "../../src/clients/trigger/client.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { Operator, type View } from "./operator.ts";
import { lastingPort } from "../support/lasting_port.ts";

const BREATHING = "--hev-source=dump:B6-20200805.dump";
/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };

const VIEWS: readonly (View & { name: string })[] = [
  { name: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "narrow", width: 320, height: 640 },
  { name: "wall", width: 2_560, height: 1_440, colorScheme: "dark" },
  { name: "no-javascript", javaScriptEnabled: false },
];

async function beat(host: WholeHost, name: string, delayMs = 60_000): Promise<void> {
  const query = `${delayMs}&appid=${encodeURIComponent(name)}`;
  const reply = await fetch(`http://${await host.address("heartbeat")}/hb_ping?${query}`);
  assert.equal(reply.status, 200, await reply.text());
}

async function consoleOf(host: WholeHost): Promise<string> {
  return `http://${await host.address("console")}`;
}

if (hasChromium("the operator's page at work")) {
  Deno.test({
    name: "members: they come, change, are searched, paused and resumed without a reload",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      await using operator = await Operator.open(await consoleOf(host));
      const { page } = operator;
      await beat(host, "tetris");
      await beat(host, "<img src=x onerror=alert(1)>");
      await beat(host, "fleeting", 400);
      await operator.row("tetris").getByText("running").waitFor();
      await operator.row("fleeting").getByText(/^Late/).waitFor();
      await operator.row("fleeting").getByText(/^Lost/).waitFor();
      await page.getByRole("status").getByText("1 of 3 is lost").waitFor();
      assert.equal(await page.title(), "✖ 1 of 3 is lost · Pulsebox");
      assert.equal(await page.locator("img").count(), 0, "a name is text");

      await page.getByLabel("Find an exhibit").fill("tet");
      await page.getByText("1 of 3 members", { exact: true }).waitFor();
      assert.ok(!await operator.row("fleeting").isVisible());
      await page.getByLabel("Find an exhibit").fill("");
      await page.getByLabel("Show", { exact: true }).selectOption("Need attention");
      await page.getByText("1 of 3 members", { exact: true }).waitFor();
      assert.ok(await operator.row("fleeting").isVisible());
      await page.getByLabel("Show", { exact: true }).selectOption("All");

      // By keyboard alone.
      await page.getByRole("button", { name: "Actions for fleeting (127.0.0.1)" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "I’m on it" }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Maintenance of fleeting (127.0.0.1)" }).waitFor();
      await page.keyboard.type("new lamp");
      await page.keyboard.press("Enter");
      await operator.row("fleeting").getByText(/^Maintenance/).waitFor();
      await operator.row("fleeting").getByText("new lamp").waitFor();
      await page.getByRole("status").getByText("1 of 3 is in maintenance").waitFor();
      await page.getByRole("button", { name: "Actions for fleeting" }).click();
      await page.getByRole("menuitem", { name: "Resume" }).click();
      await operator.row("fleeting").getByText(/^Lost/).waitFor();

      await page.getByRole("button", { name: "Pause the whole host…" }).click();
      await page.getByLabel("For", { exact: true }).selectOption("15 minutes");
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await page.getByRole("status").getByText("In maintenance").waitFor();
      await page.getByRole("button", { name: "Resume the whole host" }).click();
      await page.getByRole("status").getByText("1 of 3 is lost").waitFor();
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "members: a click shows days, outages and events",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost();
      await beat(host, "tetris", 300);
      await using operator = await Operator.open(await consoleOf(host));
      const { page } = operator;
      await operator.row("tetris").getByText(/^Lost/).waitFor();
      await beat(host, "tetris", 60_000);
      await operator.row("tetris").getByText("running").waitFor();
      await operator.row("tetris").getByRole("link").click();
      const panel = page.getByRole("complementary", { name: "tetris" });
      await panel.getByText("is lost after").waitFor();
      const outage = panel.getByRole("row").nth(1);
      assert.match(
        await outage.innerText(),
        /^\d\d:\d\d\s+\d\d:\d\d\s+\d+ s\s+fell silent\s+nobody/,
      );
      assert.ok(await panel.locator("rect.bar-lost").count() >= 1);
      assert.match(page.url(), /[?&]member=hilbert%2Ftetris/);
      await operator.isAccessible();
      await operator.picture("console-member");
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "hidden" });
      await page.goBack();
      await panel.waitFor();
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "game clients, instrument and wake-up clients are shown and operated",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost([BREATHING]);
      await using _game = new GameClient({
        url: `http://${await host.address("state")}`,
        id: "7",
        intervalMs: 100,
        ownCalibration: {},
      });
      await using phone = new TriggerClient({
        hostname: "127.0.0.1",
        port: Number(await host.port("trigger", "udp")),
      });
      const ping = phone[Symbol.asyncIterator]().next();
      await using operator = await Operator.open(await consoleOf(host));
      const { page } = operator;
      const games = page.getByRole("region", { name: "Headsets" });
      const row = games.getByRole("row").filter({ hasText: "7" });
      await row.getByText("Calibrated", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Start 7" }).click();
      await row.getByText("Running", { exact: true }).waitFor();
      await page.getByRole("button", { name: "EMERGENCY ALL" }).click();
      await row.getByText("Told to stop").waitFor();

      const trigger = page.getByRole("region", { name: "Wake-up clients" });
      await trigger.getByText("1", { exact: true }).first().waitFor();
      const members = page.getByRole("region", { name: "Members" });
      await members.getByText(/^1 phone · newest: 127\.0\.0\.1/).waitFor();
      await ping;

      const instrument = page.getByRole("region", { name: "Instrument" });
      const alarms = instrument.getByRole("button", { name: /^Acknowledge / });
      await alarms.first().waitFor();
      const name = await alarms.first().getAttribute("aria-label") ?? "";
      const curve = instrument.locator(".pressure canvas");
      await curve.waitFor();
      const drawnPoints = (canvas: unknown) => {
        const picture = canvas as {
          width: number;
          height: number;
          getContext(kind: "2d"): {
            getImageData(x: number, y: number, w: number, h: number): { data: Uint8Array };
          };
        };
        const { data } = picture.getContext("2d")
          .getImageData(0, 0, picture.width, picture.height);
        return data.filter((byte, index) => index % 4 === 3 && byte > 200).length;
      };
      await eventually("curve is drawn", async () => await curve.evaluate(drawnPoints) > 200);
      // The recording may raise it again; that it can be taken off is what counts.
      const acknowledged = page.getByText(`Alarm ${name.replace("Acknowledge ", "")} acknowledged`);
      await page.getByRole("button", { name, exact: true }).click();
      await acknowledged.first().waitFor();
      await operator.isAccessible();
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "the page says when it is stale, and lives again by itself",
    ...OPTIONS,
    async fn() {
      const port = `--console-port=${lastingPort()}`;
      await using operator = await (async () => {
        await using host = new WholeHost([port]);
        await beat(host, "before");
        const opened = await Operator.open(await consoleOf(host));
        // The page without a script has this row too.
        await opened.page.locator("#main[data-live]").waitFor();
        await opened.row("before").getByText("running").waitFor();
        return opened;
      })();
      const stale = operator.page.getByRole("alert").filter({ hasText: "what is shown is old" });
      await stale.waitFor();
      await using host = new WholeHost([port]);
      await beat(host, "after");
      await operator.row("after").getByText("running").waitFor({ timeout: 15_000 });
      await stale.waitFor({ state: "hidden" });
      assert.equal(await operator.row("before").count(), 0, "nothing old is left");
    },
  });

  Deno.test({
    name: "a page of a guarded host asks for a token, and does what that allows",
    ...OPTIONS,
    async fn() {
      using directory = temporaryDirectory();
      const file = `${directory.path}/tokens`;
      await Deno.writeTextFile(file, "read 0123456789abcdef\nwrite fedcba9876543210\n", {
        mode: 0o600,
      });
      await using host = new WholeHost([`--token-file=${file}`]);
      await beat(host, "tetris");
      await using operator = await Operator.open(await consoleOf(host));
      const { page } = operator;
      await page.getByRole("heading", { name: "Where is the token?" }).waitFor();
      await page.getByText("sudo cat /etc/pulsebox/tokens").waitFor();
      await page.getByLabel("Token").fill("wrong wrong wrong wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByText("not one of this host").waitFor();
      await operator.isAccessible();
      await page.getByLabel("Token").fill("0123456789abcdef");
      await page.keyboard.press("Enter");
      await operator.row("tetris").getByText("running").waitFor();
      await page.getByRole("heading", { name: "What happened" }).waitFor();
      assert.equal(await page.getByRole("button", { name: /^Pause/ }).count(), 0);
      await page.getByText("Read only: your token lets you look, not act").waitFor();
      await page.getByRole("button", { name: "Actions for tetris" }).click();
      assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), [
        "Details",
        "Copy address",
      ]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("Token").fill("fedcba9876543210");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Actions for tetris" }).click();
      await page.getByRole("menuitem", { name: "Maintenance…" }).click();
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await operator.row("tetris").getByText(/^Maintenance/).waitFor();
      assert.deepEqual(operator.complaints, []);
    },
  });

  for (const { name, ...view } of VIEWS) {
    Deno.test({
      name: `the page fits and is accessible: ${name}`,
      ...OPTIONS,
      async fn() {
        await using host = new WholeHost([BREATHING]);
        await using game = new GameClient({
          url: `http://${await host.address("state")}`,
          id: "7",
          intervalMs: 100,
          ownCalibration: {},
        });
        await beat(host, "tetris");
        await beat(
          host,
          "a-very-long-name-of-an-application-that-nobody-would-choose-but-somebody-has",
        );
        await beat(host, "fleeting", 300);
        await using operator = await Operator.open(await consoleOf(host), view);
        await operator.row("tetris").getByText("running").waitFor();
        // Without a script, the page has the words of the protocol.
        await operator.row("fleeting").getByText(/Lost|Gone/).waitFor();
        assert.ok(game.id !== "");
        if (view.javaScriptEnabled !== false) {
          await operator.page.locator(".pressure canvas").waitFor();
          await operator.isAccessible();
        }
        await operator.fits();
        await operator.picture(`console-${name}`);
        assert.deepEqual(operator.complaints, []);
      },
    });
  }
}
