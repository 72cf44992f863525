import { strict as assert } from "node:assert";
import { LiveMembers } from "../../../src/cli/live_members.ts";
import { PulseboxHost, PulseboxProcess, runProcess } from "../pulsebox_process.ts";
import { TerminalProcess } from "../terminal_process.ts";

async function beat(host: PulseboxHost, name: string, delayMs: number): Promise<void> {
  await (await fetch(`${host.url}/hb_ping?${delayMs}&appid=${encodeURIComponent(name)}`)).text();
}

Deno.test("pulsebox watch writes a line for each thing that happens, as text or JSON", async () => {
  await using host = await PulseboxHost.start();
  const args = ["watch", `--console-url=${host.consoleUrl}`];
  await using lines = new PulseboxProcess(args);
  await using json = new PulseboxProcess([...args, "--json"]);
  // Each is known to listen when it tells of something.
  for (let count = 0; count < 50; count++) {
    await beat(host, `app${count}\x1b[2J`, 60_000);
    await new Promise((done) => setTimeout(done, 100));
    const heard = await Promise.race([
      Promise.all([lines.stdoutHas(/is|member-state/), json.stdoutHas(/member-state/)])
        .then(() => true, () => false),
      new Promise<false>((done) => setTimeout(() => done(false), 1)),
    ]);
    if (heard) break;
  }
  await beat(host, "fleeting\u202e", 200);
  await lines.stdoutHas(/member-state hilbert\/fleeting\\u202e @ 127\.0\.0\.1 .*to=lost/);
  await json.stdoutHas(/"member":"hilbert\/fleeting\\u202e @ 127\.0\.0\.1".*"to":"lost"/);
  for (const process of [lines, json]) process.signal("SIGINT");
  const finished = await lines.finished();
  assert.equal(finished.status, 0);
  assert.doesNotMatch(finished.stdout, /\u202e/, "a name cannot steer the terminal");
  for (const line of (await json.finished()).stdout.trim().split("\n")) JSON.parse(line);
});

// A serial console says that it is 0 by 0.
for (const size of ["cols 100 rows 20", "cols 0 rows 0"]) {
  Deno.test(`pulsebox watch draws the table in a terminal of ${size}, until Ctrl-C`, async () => {
    await using host = await PulseboxHost.start();
    await beat(host, "tetris", 60_000);
    await beat(host, "fleeting", 200);
    await using watch = new TerminalProcess(["watch", `--console-url=${host.consoleUrl}`], size);
    await watch.has(/1 of 2 is lost[^]*STATE[^]*(lost|gone)[^]*fleeting[^]*ok[^]*tetris/);
    assert.ok(watch.screen.includes("\x1b[?1049h"), "on a screen of its own");
    await watch.interrupt();
    await watch.has(/\[\?1049l/);
    assert.equal(await watch.finished(), 0);
  });
}

Deno.test("pulsebox watch says that nobody is there", async () => {
  const { status, stderr } = await runProcess(["watch", "--console-url=http://127.0.0.1:9"]);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^pulsebox: Cannot reach the console at http:\/\/127\.0\.0\.1:9: nothing listens there; /,
  );
});

Deno.test("LiveMembers moves times on and puts the worst first", () => {
  const live = new LiveMembers();
  const member = (name: string, state: string) => ({
    id: `hilbert/${name} @ ::1`,
    name,
    address: "::1",
    state,
    silentMs: 100,
    promiseMs: 1_000,
    deadlineInMs: 900,
    beats: 1,
    pause: null,
  });
  const host = { total: 2, headline: "1 of 2 is lost" };
  const members = [member("a", "ok"), member("b", "lost")];
  live.take({ name: "snapshot", data: { members, host } }, 0);
  assert.deepEqual(
    live.rows(50).map(({ name, silentMs, deadlineInMs }) => [
      name,
      silentMs,
      deadlineInMs,
    ]),
    [["b", 150, 850], ["a", 150, 850]],
  );
  live.take({ name: "member", data: member("a", "gone") }, 60);
  live.take(
    { name: "pulse", data: { beats: { "hilbert/b @ ::1": [2, 5, 995], x: [1, 1, 1] } } },
    60,
  );
  assert.deepEqual(live.rows(60).map(({ name, beats }) => [name, beats]), [["b", 2], ["a", 1]]);
  live.take({ name: "forgotten", data: { id: "hilbert/b @ ::1" } }, 60);
  live.take({ name: "unknown", data: 1 }, 60);
  assert.equal(live.rows(60).length, 1);
  assert.equal(live.rows(1e9)[0]?.deadlineInMs, 0);
});

Deno.test("LiveMembers shows no verdict that is older than five seconds", () => {
  const live = new LiveMembers();
  assert.match(live.headline(0), /^No news since /);
  const host = { total: 1, headline: "All is well" };
  live.take({ name: "snapshot", data: { members: [], host } }, 1_000);
  assert.equal(live.headline(6_000), "All is well");
  assert.match(live.headline(6_001), /^No news since \d{4}-/);
  live.take({ name: "pulse", data: { beats: {} } }, 7_000);
  assert.equal(live.headline(7_000), "All is well");
});
