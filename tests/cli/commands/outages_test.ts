import { strict as assert } from "node:assert";
import { renderOutages } from "../../../src/cli/commands/outages.ts";
import type { OutageListing } from "../../../src/clients/console.ts";
import { eventually } from "../../support/eventually.ts";
import { PulseboxHost, runProcess } from "../pulsebox_process.ts";

Deno.test("outages lists who was down how often, and everybody together", async () => {
  await using host = await PulseboxHost.start();
  const where = ["--console-url", host.consoleUrl];
  await (await fetch(`${host.url}/hb_ping?60000&appid=calm`)).text();
  await (await fetch(`${host.url}/hb_ping?1&appid=fleeting`)).text();
  await eventually("an outage", async () => {
    const { stdout } = await runProcess(["outages", "--json", ...where]);
    return JSON.parse(stdout).all.outages === 1;
  });
  const { status, stdout, stderr } = await runProcess(["outages", ...where]);
  assert.equal(status, 0);
  assert.match(stderr, /^\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d \(.+\); the first day with data is /);
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines[0] ?? "", /^NAME +ADDRESS +OUTAGES +DOWN +UPTIME +NOTE$/);
  assert.match(lines[1] ?? "", /^fleeting +127\.0\.0\.1 +1 +\d+s +[\d.]+ %$/);
  assert.match(lines[2] ?? "", /^calm +127\.0\.0\.1 +0 +0s +100 %$/);
  assert.match(lines[3] ?? "", /^all +1 +\d+s +[\d.]+ %$/);
  const sorted = await runProcess(["outages", "--sort=name", "--days=1", ...where]);
  assert.match(sorted.stdout, /\ncalm .*\nfleeting /);
  const long = await runProcess(["outages", "--from=2020-01-01", "--to=2020-01-31", ...where]);
  assert.match(long.stderr, /^Nothing is known of 2020-01-01 to 2020-01-31 /);
});

Deno.test("outages refuses a period that is none, before it asks", async () => {
  for (
    const [args, problem] of [
      [["--days=0"], '--days is "0": must be a whole number from 1 to 400'],
      [["--days=401"], '--days is "401": must be a whole number from 1 to 400'],
      [["--days=week"], '--days is "week": must be a whole number from 1 to 400'],
      [["--from=1.10.2026"], '--from is "1.10.2026": must be a day as 2026-11-01'],
      [["--from=2026-02-30"], '--from is "2026-02-30": must be a day as 2026-11-01'],
      [["--to=2026-10-31"], "Write --from, too: --to alone is no period"],
      [["--from=2026-10-31", "--to=2026-10-01"], "--from 2026-10-31 is after --to 2026-10-01"],
      [["--from=2026-10-31", "--days=1"], "Write --days or --from, not both"],
      [["--sort=colour"], '--sort is "colour": must be one of outages, down, uptime, name'],
    ] as const
  ) {
    const { status, stderr } = await runProcess(["outages", ...args]);
    assert.deepEqual([status, stderr], [2, `pulsebox: ${problem}\n`]);
  }
});

Deno.test("outages tells of maintenance and of those that were forgotten", () => {
  const figures = { uptime: 0.99999, downMs: 59_000, plannedMs: 0, outages: 1 };
  const listing: OutageListing = {
    timeZone: "UTC",
    from: "2026-10-01",
    to: "2026-10-31",
    since: null,
    total: 2,
    all: { ...figures, uptime: null, downMs: 0, outages: 0 },
    members: [
      { id: "a", name: "a", address: "10.0.0.7", station: "Foyer", forgotten: true, ...figures },
      {
        ...{ id: "b", name: "", address: "", station: null, forgotten: false, ...figures },
        ...{ uptime: 1, downMs: 25 * 3_600_000, plannedMs: 5_400_000 },
      },
    ],
  };
  assert.equal(
    renderOutages(listing),
    "NAME  ADDRESS  OUTAGES  DOWN  UPTIME   NOTE\n" +
      "a     Foyer    1        59s   99.99 %  forgotten\n" +
      "-     -        1        25h   100 %    maintenance 1h 30m\n" +
      "all            0        0s    -\n",
  );
});
