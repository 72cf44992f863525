/**
 * The page of a fleet with a real broker: hosts as tiles, and no good word without news.
 */

import { strict as assert } from "node:assert";
import { WholeHost } from "../cli/whole_host.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import type { FleetHost } from "../../src/console/panels.ts";
import { hasChromium } from "../support/chromium.ts";
import { NATS_SERVER, NatsServer } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { BeatingHosts, connect } from "../../scripts/bench/fleet_load.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;
/** Longer than a page waits that comes anew. */
const LONGER_MS = 13_000;
/** A page that polls would have asked by then. */
const LISTENING_MS = 3_000;
/** Parts of tiles that lie over each other, or that something cuts. */
const DAMAGED = `[...document.querySelectorAll(".host, #verdict")].flatMap((whole) => {
  const parts = [...whole.querySelectorAll("a, strong, p, h1, time")]
    .filter((part) => getComputedStyle(part).visibility === "visible");
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
    a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return parts.filter((part, index) =>
    part.scrollWidth > part.clientWidth + 1 && part.tagName === "P" ||
    boxes.some((box, other) => other > index && meet(box, boxes[index]))
  ).map(({ textContent }) => textContent);
})`;
/** Names of the hosts that can be seen. */
const IN_SIGHT =
  `[...document.querySelectorAll(".host:not([data-off]) strong, .host:not([data-off]) a")]
  .map(({ textContent }) => textContent)`;
/** Hosts and headings that can be seen, but not whole. */
const CUT =
  `[...document.querySelectorAll("#hosts h2:not([data-off]), .host:not([data-off])")].filter((part) => {
  const { top, bottom } = part.getBoundingClientRect();
  return top < document.querySelector("header").getBoundingClientRect().bottom || bottom > innerHeight;
}).map(({ textContent }) => textContent)`;
const WALL = { width: 1_920, height: 1_080, colorScheme: "dark" } as const;
/** More than one page of tiles, fewer than three. */
const HOSTS_ON_WALL = 18;
const VIEWS = [
  { path: "fleet", width: 1_280, height: 900, colorScheme: "light" },
  { path: "fleet", width: 1_280, height: 900, colorScheme: "dark" },
  { path: "fleet", width: 320, height: 700, colorScheme: "light" },
  { path: "fleet?view=wall", ...WALL },
] as const;

if (
  hasChromium("the page of a fleet") && requirement("the page of a fleet", NATS_SERVER)
) {
  Deno.test(
    "the fleet's page shows hosts, what they say, and that it does not hear",
    OPTIONS,
    async () => {
      using folder = temporaryDirectory();
      await using broker = await NatsServer.start({ folder: folder.path });
      const fleet = `--fleet=${broker.url}`;
      const init = await runProcess(["fleet", "init", fleet]);
      assert.equal(init.status, 0, init.stderr);
      const roles = ["--heartbeat", "--heartbeat-port=0", "--console-port=0", fleet];
      await using foyer = new WholeHost(
        ["--fleet-host=foyer", "--fleet-label=<b>Ground & floor</b>"],
        {},
        roles,
      );
      await using desk = new WholeHost(["--fleet-host=desk", "--fleet-view"], {}, [
        "--console-port=0",
        fleet,
      ]);
      const url = `http://${await desk.address("console")}/`;
      const beat = await fetch(
        `http://${await foyer.address("heartbeat")}/hb_ping?600000&appid=tetris`,
      );
      await beat.body?.cancel();

      for (const { path, ...view } of VIEWS) {
        await using operator = await Operator.open(url, view);
        const { page } = operator;
        await page.goto(`${url}${path}`);
        await page.getByText("All 2 hosts are well").waitFor({ timeout: WAIT_MS });
        await page.locator(".host.well", { hasText: "foyer" }).waitFor();
        // A name is text, whatever is in it.
        await page.getByRole("heading", { name: "<b>Ground & floor</b>" }).waitFor();
        await page.waitForFunction('document.title === "● All 2 hosts are well · Pulsebox"');
        assert.deepEqual(await page.evaluate(DAMAGED), []);
        await operator.isAccessible();
        await operator.fits();
        await operator.picture(
          `fleet_${view.width}_${view.colorScheme}${path.includes("wall") ? "_wall" : ""}`,
        );
        assert.deepEqual(operator.complaints, []);
      }

      await using operator = await Operator.open(url);
      const { page } = operator;
      // From the console's own page it is one click.
      await page.getByRole("link", { name: "The fleet" }).click();
      await page.locator(".host", { hasText: "foyer" }).waitFor();
      await page.getByRole("searchbox").fill("FOY");
      await page.locator(".host", { hasText: "desk" }).waitFor({ state: "hidden" });
      assert.equal(await page.locator(".host:visible").count(), 1);
      // A page that lives never comes anew, with what somebody has typed.
      await page.evaluate(`new Promise((done) => setTimeout(done, ${LONGER_MS}))`);
      assert.equal(await page.getByRole("searchbox").inputValue(), "FOY");
      // Members of all hosts are found, with the way to their host.
      await page.getByRole("searchbox").fill("TETR");
      await page.getByText("1 member found").waitFor({ timeout: WAIT_MS });
      assert.match(await page.locator("#findings li").innerText(), /^tetris · running · .*foyer$/);
      await operator.isAccessible();
      await page.getByRole("searchbox").fill("");
      await page.locator("#found").waitFor({ state: "hidden" });

      // Without brokers the console knows nothing, and says so: on its own page too.
      await using own = await Operator.open(url);
      await own.row("foyer").getByText("running").waitFor({ timeout: WAIT_MS });
      await broker.kill();
      await page.getByText("This console does not hear the fleet").waitFor({ timeout: WAIT_MS });
      assert.equal(await page.locator("#verdict").getAttribute("class"), "problem");
      await page.getByText("Not known, silent for").nth(1).waitFor({ timeout: WAIT_MS });
      assert.equal(await page.locator(".host.well").count(), 0);
      await operator.picture("fleet_deaf");
      await own.row("foyer").getByText("Not heard").waitFor({ timeout: WAIT_MS });
      await own.picture("fleet_deaf_own");
      const { hosts } = await (await fetch(`${url}api/v1/fleet`)).json();
      assert.deepEqual(hosts.map(({ state }: FleetHost) => state), ["unknown", "unknown"]);
      const found = await (await fetch(`${url}api/v1/fleet/members?q=tetris`)).json();
      assert.equal(found.members[0].state, "unknown");
      const table = await runProcess(["fleet", `--console-url=${url}`]);
      assert.match(table.stdout, /^unknown +foyer .* last: All is well$/m);
      const check = await runProcess(["check", "--fleet", `--console-url=${url}`]);
      assert.match(check.stdout, /^UNKNOWN .* unknown=2 .* ok=0$/m);
      await broker.restart();
      await page.getByText("All 2 hosts are well").waitFor({ timeout: WAIT_MS });
      await own.row("foyer").getByText("running").waitFor({ timeout: WAIT_MS });

      // It is told, and does not ask again and again.
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.evaluate(`new Promise((done) => setTimeout(done, ${LISTENING_MS}))`);
      assert.deepEqual(asked, []);

      // Without a word of the console, the page knows nothing.
      desk.process.signal("SIGSTOP");
      await page.getByText(/No news since/).first().waitFor({ timeout: WAIT_MS });
      assert.match(await page.title(), /^\? No news since/);
      assert.equal(await page.locator("#verdict").getAttribute("class"), "silent");
      desk.process.signal("SIGCONT");
      await page.getByText("All 2 hosts are well").waitFor({ timeout: WAIT_MS });
    },
  );

  Deno.test(
    "the fleet's wall shows each host whole, one page after the other",
    OPTIONS,
    async () => {
      using folder = temporaryDirectory();
      await using broker = await NatsServer.start({ folder: folder.path });
      const fleet = `--fleet=${broker.url}`;
      const init = await runProcess(["fleet", "init", fleet]);
      assert.equal(init.status, 0, init.stderr);
      await using desk = new WholeHost(["--fleet-host=desk", "--fleet-view"], {}, [
        "--console-port=0",
        fleet,
      ]);
      const url = `http://${await desk.address("console")}/`;
      await using link = await connect(broker.port, "hosts");
      using hosts = await BeatingHosts.start(link, "museum", HOSTS_ON_WALL);
      await using operator = await Operator.open(url, WALL);
      const { page } = operator;
      await page.goto(`${url}fleet?view=wall`);
      await page.getByText(`All ${hosts.count + 1} hosts are well`).waitFor({ timeout: WAIT_MS });

      const seen = new Set<string>();
      await page.locator("#turn").getByText(/of 2$/).waitFor({ timeout: WAIT_MS });
      for (const turn of ["page 1 of 2", "page 2 of 2"]) {
        await page.locator("#turn").getByText(turn).waitFor({ timeout: WAIT_MS });
        assert.deepEqual(await page.evaluate(CUT), []);
        assert.deepEqual(await page.evaluate(DAMAGED), []);
        for (const name of await page.evaluate(IN_SIGHT) as string[]) {
          assert.ok(!seen.has(name), `${name} is on both pages`);
          seen.add(name);
        }
      }
      assert.equal(seen.size, hosts.count + 1);
      await operator.picture("fleet_wall_turns");
      assert.deepEqual(operator.complaints, []);
    },
  );
}
