import { strict as assert } from "node:assert";
import type { Uptime } from "../../src/console/uptime.ts";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { clockOf, FAKETIME_NEEDS } from "../support/faketime.ts";
import { requirement } from "../support/require.ts";

/** Requests take time, and so does a busy machine; 28 days are more. */
const TOLERANCE_MS = 5_000;
const WAIT_MS_MAX = 60_000;

if (requirement("real processes whose clock is set", FAKETIME_NEEDS)) {
  Deno.test("a clock that is set by years, forth and back, makes nobody late and nothing stop", async () => {
    using directory = temporaryDirectory();
    const shift = `${directory.path}/shift`;
    Deno.writeTextFileSync(shift, "+0");
    const data = ["--data", `${directory.path}/data`];
    await using host = await PulseboxHost.start(data, clockOf(shift));
    const beat = () => ask(`${host.url}/hb_ping?700&appid=tetris`);
    await beat();
    for (const step of ["+365d", "-365d", "+3650d", "+0"]) {
      Deno.writeTextFileSync(shift, step);
      const commits = await commitsOf(host);
      await ask(`${host.url}/hb_ping?60000&appid=of${encodeURIComponent(step)}`);
      await until(async () => {
        await beat();
        return await commitsOf(host) > commits;
      }, `a commit after ${step}`);
    }
    assert.equal(
      await ask(`${host.consoleUrl}/healthz`).then((text) => JSON.parse(text).status),
      "ok",
    );
    assert.doesNotMatch(host.process.stderrText, /tetris @ \S+ is (?:late|lost|gone)/);
    // Who falls silent is noticed by the clock that nobody sets.
    Deno.writeTextFileSync(shift, "-365d");
    await host.process.stderrHas(/tetris @ \S+ is late/);
  });

  Deno.test("an outage keeps its length over a step of the clock, a kill and a restart", async () => {
    const directory = Deno.makeTempDirSync({ prefix: "pulsebox-clock-" });
    try {
      await stepAndKill(directory);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  });
}

async function stepAndKill(directory: string): Promise<void> {
  const shift = `${directory}/shift`;
  Deno.writeTextFileSync(shift, "+0");
  const start = () =>
    PulseboxHost.start(["--data", `${directory}/data`, "--lost-after=2x"], {
      TZ: "Europe/Berlin",
      ...clockOf(shift),
    });
  let heardAt = 0;
  {
    await using host = await start();
    await ask(`${host.url}/hb_ping?500&appid=tetris`);
    heardAt = performance.now();
    await until(async () => (await uptimeOf(host)).outages.length > 0, "an outage");
    const today = (await uptimeOf(host)).days[0]?.day;
    Deno.writeTextFileSync(shift, "+28d");
    await until(async () => (await uptimeOf(host)).days[0]?.day !== today, "another day");
    // With the next commit, what was dated by the old time is dated anew. Then a kill may come.
    const commits = await commitsOf(host);
    await ask(`${host.url}/hb_ping?100000&appid=globe`);
    await until(async () => await commitsOf(host) > commits, "a commit");
  }
  await using host = await start();
  await ask(`${host.url}/hb_ping?100000&appid=tetris`);
  const lastedMs = performance.now() - heardAt;
  const { outages, timeZone } = await uptimeOf(host);
  assert.equal(timeZone, "Europe/Berlin");
  assert.equal(outages.length, 1);
  const { from = "", to, downMs = 0, unwatchedMs = 0 } = outages[0] ?? {};
  const lengthMs = Date.parse(to ?? "") - Date.parse(from);
  assert.ok(Math.abs(lengthMs - lastedMs) <= TOLERANCE_MS, `${lengthMs} ms of ${lastedMs} ms`);
  assert.ok(Math.abs(downMs + unwatchedMs - lengthMs) <= 1);
}

async function uptimeOf(host: PulseboxHost): Promise<Uptime> {
  return JSON.parse(await ask(`${host.consoleUrl}/api/v1/members/tetris/uptime?days=1`));
}

async function commitsOf(host: PulseboxHost): Promise<number> {
  const metrics = await ask(`${host.consoleUrl}/metrics`);
  return Number(/^pulsebox_store_commits_total (\d+)$/m.exec(metrics)?.[1]);
}

/** Asks again and again. */
async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`In vain: ${what}`);
  }
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS_MAX) });
  return await response.text();
}
