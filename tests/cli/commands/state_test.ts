import { strict as assert } from "node:assert";
import { heartbeatBody, post, startGameHost } from "../../roles/state/game_host.ts";
import { runHere } from "../fake_terminal.ts";
import { PulseboxProcess, runProcess } from "../pulsebox_process.ts";

Deno.test("pulsebox state gets, sets and lists states", async () => {
  await using host = startGameHost();
  const server = new URL(host.url).host;
  const state = async (...words: string[]) => await runHere(["state", ...words, "-s", server]);
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
  assert.equal((await state("get", "1")).stdout, "UNCALIBRATED\n");
  assert.equal((await state("get", "2")).stdout, "DISCONNECTED\n");
  assert.equal((await state("set", "1", "running")).stdout, "RUNNING\n");
  // Who it is must be told, of one client too.
  assert.equal((await state("list")).stdout, "1 RUNNING\n");
  const listed = await state("list", "--json");
  assert.deepEqual(JSON.parse(listed.stdout), { clientID: "1", state: "RUNNING" });
  const watched = await state("watch", "1", "-n", "1");
  assert.deepEqual(watched, { status: 0, stdout: "1 RUNNING\n", stderr: "" });
  const unknown = await state("set", "2", "RUNNING");
  assert.deepEqual([unknown.status, unknown.stderr], [1, 'pulsebox: There is no client "2"\n']);
});

Deno.test("pulsebox state shows the token that an operator needs", async () => {
  const tokens = await Deno.makeTempFile();
  await Deno.writeTextFile(tokens, "read abcdefghijklmnop\nwrite 0123456789abcdef\n");
  await using process = new PulseboxProcess([
    ...["--state", "--no-console", "--state-host=127.0.0.1", "--state-port=0"],
    ...["--state-publisher-port=0", "--state-subscriber-port=0", `--token-file=${tokens}`],
  ]);
  const [, url = ""] = await process.stderrHas(/Listening on (http:\/\/127\.0\.0\.1:\d+)/);
  await post(`${url}/Heartbeat/Update`, heartbeatBody("1"));
  const set = ["state", "set", "1", "RUNNING", "-s", new URL(url).host];
  assert.equal((await runProcess(set)).status, 1);
  const shown = await runProcess([...set, `--token-file=${tokens}`]);
  assert.deepEqual([shown.status, shown.stdout], [0, "RUNNING\n"], shown.stderr);
  const environment = { PULSEBOX_TOKEN: "0123456789abcdef" };
  assert.equal((await runProcess(set, environment)).status, 0);
});

Deno.test("pulsebox state and game-client explain wrong use", async () => {
  const cases: [args: string[], problem: RegExp][] = [
    [["state", "fly"], /"fly" is no action: write get, set, watch, list/],
    [["state", "get"], /Write: pulsebox state get ID/],
    [["state", "set", "1", "UP"], /"UP" is no state/],
    [["state", "watch", "--for", "x"], /--for is "x"/],
    [["state", "watch", "-n", "0"], /--count is "0"/],
    [["state", "list", "-s", "a b"], /--server is "a b"/],
    [["game-client", "ftp://x"], /is no game server/],
    [["game-client", "--id", "../1"], /--id is "..\/1"/],
    [["game-client", "-n", "0"], /--count is "0"/],
    [["game-client", "--interval", "1ms"], /--interval is "1ms"/],
  ];
  for (const [args, problem] of cases) {
    const { status, stderr } = await runHere(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, problem);
  }
});

Deno.test("pulsebox --state serves with the original's environment, and ends at SIGTERM", async () => {
  await using process = new PulseboxProcess(["--state", "--no-console"], {
    MLF_HOST: "127.0.0.1",
    MLF_HTTP_PORT: "0",
    MLF_ZMQ_PUB_PORT: "0",
    MLF_ZMQ_SUB_PORT: "0",
    MLF_TIMEBOMB_SECONDS: "1.5",
  });
  const [, port = ""] = await process.stderrHas(/Listening on http:\/\/127\.0\.0\.1:(\d+)/);
  const args = ["game-client", `127.0.0.1:${port}`, "--id", "1", "--calibrated"];
  await using client = new PulseboxProcess([...args, "--interval", "100ms"]);
  await client.stdoutHas(/^1 UNCALIBRATED\n1 CALIBRATED\n/);
  client.signal("SIGTERM");
  const { status, stdout } = await client.finished();
  assert.equal(status, 0);
  // A machine that stands still for longer than the timebomb disconnects the client before.
  assert.match(stdout, /\n1 DISCONNECTED\n$/);
  await process.stderrHas(/Game client 1 is disconnected: timebomb/);
  process.signal("SIGTERM");
  assert.equal((await process.finished()).status, 0);
});

Deno.test("pulsebox state watch that gets nothing in its time says so and fails", async () => {
  const { status, stderr } = await runHere(["state", "watch", "-s", "127.0.0.1:1", "--for=200ms"]);
  assert.equal(status, 1);
  assert.match(stderr, /pulsebox: No state came within 200ms\n$/);
});
