import { strict as assert } from "node:assert";
import { eventually } from "../../support/eventually.ts";
import { PulseboxHost, runProcess } from "../pulsebox_process.ts";

Deno.test("members, pause and resume work with a running host", async () => {
  await using host = await PulseboxHost.start();
  const where = ["--console-url", host.consoleUrl];
  const nobody = await runProcess(["members", ...where]);
  assert.equal(nobody.status, 0);
  assert.match(nobody.stderr, /Nobody has been heard yet/);
  const reply = await fetch(`${host.url}/hb_ping?60000&appid=tetris`);
  await reply.body?.cancel();

  const { stdout: table } = await runProcess(["members", ...where]);
  assert.match(table, /^STATE +NAME +ADDRESS +SILENT +PROMISED +BEATS +24 H +NOTE\n/);
  assert.match(table, /\nok +tetris +127\.0\.0\.1 +\d+\.\ds +61\.0s +1 +100 %\n$/);
  assert(!table.includes("\x1b"), "no colours where it is no terminal");

  const paused = await runProcess([
    "pause",
    "tetris",
    "--for=2h",
    "--reason=new joystick",
    ...where,
  ]);
  assert.equal(paused.status, 0);
  assert.equal(paused.stdout, "Maintenance of tetris @ 127.0.0.1 has begun, for 2h\n");
  const listing = JSON.parse((await runProcess(["members", "--json", ...where])).stdout);
  assert.equal(listing.members[0].pause.reason, "new joystick");
  const leftMs = Date.parse(listing.members[0].pause.until) - Date.now();
  assert(leftMs > 7_100_000 && leftMs <= 7_200_000);
  const status = await runProcess(["check", "tetris"], { HB_URL: host.url });
  assert.equal(status.status, 0);
  assert.match(status.stdout, /^OK - maintenance/);

  const resumed = await runProcess(["resume", "tetris", ...where]);
  assert.equal(resumed.stdout, "Maintenance of tetris @ 127.0.0.1 has ended\n");
  const briefly = await runProcess(["pause", "--all", ...where]);
  assert.equal(briefly.stdout, "Maintenance of this host has begun, for 1h\n");
  const { pause } = JSON.parse((await runProcess(["members", "--json", ...where])).stdout);
  assert(Date.parse(pause.until) - Date.now() <= 3_600_000);
  const answer = await runProcess(["pause", "--all", "--for=ever", "--json", ...where]);
  assert.deepEqual(JSON.parse(answer.stdout), { pause: { reason: "", until: null } });
  assert.match((await runProcess(["members", ...where])).stderr, /This host is in maintenance/);
  assert.equal((await runProcess(["resume", "--all", ...where])).status, 0);
});

Deno.test("pause ends at a time of the host's clock", async () => {
  await using host = await PulseboxHost.start();
  const where = ["--console-url", host.consoleUrl];
  await (await fetch(`${host.url}/hb_ping?60000&appid=tetris`)).text();
  const tomorrow = new Date(Date.now() + 86_400_000);
  tomorrow.setHours(9, 0, 0, 0);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${tomorrow.getFullYear()}-${two(tomorrow.getMonth() + 1)}-${
    two(tomorrow.getDate())
  }`;
  for (const until of [`${day}T09:00`, `${day} 09:00`]) {
    const { status, stdout } = await runProcess(["pause", "tetris", "--until", until, ...where]);
    assert.equal(stdout, `Maintenance of tetris @ 127.0.0.1 has begun, until ${until}\n`);
    assert.equal(status, 0);
    const { members } = JSON.parse((await runProcess(["members", "--json", ...where])).stdout);
    assert.equal(members[0].pause.until, tomorrow.toISOString());
  }
  const past = await runProcess(["pause", "tetris", "--until=2020-01-01T09:00", ...where]);
  assert.equal(past.status, 1);
  assert.match(past.stderr, /refuses: until: 2020-01-01T09:00 is past/);
  for (
    const [args, problem] of [
      [["--until=9:00"], '--until is "9:00": must be a day and a time as 2026-11-30T09:00'],
      [["--until=2026-13-30T09:00"], /^--until is "2026-13-30T09:00": must be/],
      [["--until=2026-11-30T09:00", "--for=1h"], "Write --for or --until, not both"],
    ] as const
  ) {
    const { status, stderr } = await runProcess(["pause", "tetris", ...args]);
    assert.equal(status, 2);
    if (typeof problem === "string") assert.equal(stderr, `pulsebox: ${problem}\n`);
    else assert.match(stderr.slice("pulsebox: ".length), problem);
  }
});

Deno.test("pause takes somebody who was never heard only if it is expected", async () => {
  await using host = await PulseboxHost.start();
  const { port } = new URL(host.consoleUrl);
  const env = { PULSEBOX_CONSOLE_PORT: port };
  const byName = await runProcess(["pause", "zelda"], env);
  assert.equal(byName.status, 1);
  assert.match(byName.stderr, /^pulsebox: No member is named "zelda"; pulsebox members lists/);
  const phantom = await runProcess(["pause", "zelda @ 10.0.0.9"], env);
  assert.equal(phantom.status, 1);
  const inFull = await runProcess(["pause", "zelda @ 10.0.0.9", "--expect"], env);
  assert.equal(inFull.status, 0, inFull.stderr);
  const { stdout } = await runProcess(["members"], env);
  assert.match(stdout, /unknown \(paused\) +zelda +10\.0\.0\.9/);
});

Deno.test("pause refuses a time that the console does not take, before it asks", async () => {
  for (const time of ["0s", "999ms", "367d", "soon"]) {
    const { status, stderr } = await runProcess(["pause", "--all", `--for=${time}`]);
    assert.equal(status, 2);
    assert.equal(
      stderr,
      `pulsebox: --for is "${time}": must be a duration such as 500ms, 15s, 2h or 7d, ` +
        "from 1s to 366d, or ever\n",
    );
  }
});

Deno.test("acknowledge names who is on it, and members can be narrowed", async () => {
  await using host = await PulseboxHost.start();
  const where = ["--console-url", host.consoleUrl];
  await (await fetch(`${host.url}/hb_ping?60000&appid=well`)).text();
  await (await fetch(`${host.url}/hb_ping?0&appid=fleeting`)).text();
  const well = await runProcess(["acknowledge", "well", "--by=Anna", ...where]);
  assert.equal(well.status, 1);
  assert.match(well.stderr, /"well" is ok: only a member that is late, lost or gone/);
  await eventually("lost one", async () => {
    const reply = await fetch(`${host.consoleUrl}/api/v1/members?state=lost`);
    return (await reply.json()).total === 1;
  });
  const said = await runProcess(["acknowledge", "fleeting", "--by=Anna", "--note=lamp", ...where]);
  assert.equal(said.stdout, "Anna looks after fleeting @ 127.0.0.1 until it is heard again\n");
  const { stdout } = await runProcess(["members", "--group=127.0.0.1", ...where]);
  assert.match(stdout, /fleeting .* Anna is on it: lamp\n/);
  const { stdout: only } = await runProcess(["members", "--state=ok", ...where]);
  assert.match(only, /^STATE.*\nok +well .*\n$/);
  const wrong = await runProcess(["members", "--state=happy", ...where]);
  assert.equal(wrong.status, 2);
  const both = await runProcess(["acknowledge", "fleeting", "--withdraw", "--by=Ben", ...where]);
  assert.equal(both.status, 2);
  const none = await runProcess(["acknowledge", "fleeting", "--withdraw", ...where]);
  assert.equal(none.stdout, "Nobody looks after fleeting @ 127.0.0.1 any more\n");
});
