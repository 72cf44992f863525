/**
 * A page of the database that goes bad between two runs of the real program.
 */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { spoilPage } from "../support/spoiled_page.ts";

const MEMBERS = 61;
const WARNING = /The database was damaged and is kept as ".*pulsebox\.db\.damaged-1"/;

interface Told {
  verdict: string;
  headline: string;
  warnings: string[];
}

async function answer<T>(url: string, method = "GET"): Promise<T> {
  const response = await fetch(url, { method });
  assert.equal(response.status, 200, url);
  return await response.json();
}

async function stop({ process }: PulseboxHost): Promise<void> {
  process.signal("SIGTERM");
  assert.equal((await process.finished()).status, 0);
}

Deno.test("a host with a damaged page keeps the rest, and warns until somebody confirms", async () => {
  const directory = await Deno.makeTempDir();
  try {
    {
      await using host = await PulseboxHost.start(["--data", directory]);
      for (let index = 0; index < MEMBERS; index++) {
        const reply = await fetch(`${host.url}/hb_ping?600000&appid=app${index}`);
        await reply.body?.cancel();
      }
      await answer(`${host.consoleUrl}/api/v1/pause`, "POST");
      await stop(host);
    }
    spoilPage(`${directory}/pulsebox.db`, "history");
    for (const run of ["first", "second"]) {
      await using host = await PulseboxHost.start(["--data", directory]);
      const { total, pause } = await answer<{ total: number; pause: object | null }>(
        `${host.consoleUrl}/api/v1/members`,
      );
      assert.equal(total, MEMBERS, run);
      assert.notEqual(pause, null, run);
      const { verdict, headline, warnings } = await answer<Told>(
        `${host.consoleUrl}/api/v1/verdict`,
      );
      assert.equal(verdict, "problem", run);
      assert.match(headline, WARNING);
      assert.equal(warnings.length, 1, run);
      assert.match(warnings[0] ?? "", /61 of member/);
      const { entries } = await answer<{ entries: { type: string }[] }>(
        `${host.consoleUrl}/api/v1/history?limit=1000`,
      );
      assert.equal(entries.filter(({ type }) => type === "store-failed").length, 1, run);
      await stop(host);
    }
    {
      await using host = await PulseboxHost.start(["--data", directory]);
      const url = `${host.consoleUrl}/api/v1/warnings/confirm`;
      assert.deepEqual(await answer(url, "POST"), { warnings: [] });
      await stop(host);
    }
    await using host = await PulseboxHost.start(["--data", directory]);
    const { verdict, warnings } = await answer<Told>(`${host.consoleUrl}/api/v1/verdict`);
    assert.deepEqual({ verdict, warnings }, { verdict: "maintenance", warnings: [] });
    await stop(host);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
