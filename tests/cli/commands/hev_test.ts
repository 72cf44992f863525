import { strict as assert } from "node:assert";
import { readCapture } from "../../../src/wire/hev/capture.ts";
import { PulseboxProcess, runProcess } from "../pulsebox_process.ts";
import { runHere } from "../fake_terminal.ts";

const ROLE = [
  "--hev",
  "--no-console",
  "--hev-web-port=0",
  "--hev-query-port=0",
  "--hev-native-port=0",
  "--hev-native-dialect=nul",
];

/** A host with the HEV role, and its ports: web, native, query. */
async function startHost(...args: string[]): Promise<{ host: PulseboxProcess; ports: number[] }> {
  const host = new PulseboxProcess([...ROLE, ...args]);
  const url = String.raw`Listening on tcp://127\.0\.0\.1:(\d+) role=hev[^]*?`;
  const [, ...ports] = await host.stderrHas(new RegExp(url.repeat(3)));
  return { host, ports: ports.map(Number) };
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("pulsebox hev shows values, sends commands and acknowledges", async () => {
  const { host, ports: [web = 0, , query = 0] } = await startHost("--use-dump-data");
  await using _host = host;
  const shown = await runHere(["hev", "values", "--json", "-p", `${web}`]);
  assert.equal(shown.status, 0);
  assert.equal(JSON.parse(shown.stdout).values.version, 160);
  const table = await runHere(["hev", "values", "-p", `${web}`]);
  assert.match(table.stdout, /^pressure_buffer\s+14\d$/m);
  const watched = await runHere(["hev", "watch", "-n", "1", "-p", `${web}`]);
  assert.match(watched.stdout, /^DATA fsm_state=0 pressure_buffer=14\d .*alarms=\S+$/m);
  const csv = await runHere(["hev", "watch", "--csv", "-n", "2", "-p", `${web}`]);
  assert.match(csv.stdout, /^time \[s\],version,fsm_state,[^\n]*,alarms\n0\.000,160,0,/);
  assert.equal(csv.stdout.trimEnd().split("\n").length, 3);
  const port = ["--query-port", `${query}`];
  const command = await runHere(["hev", "cmd", "SET_TIMEOUT", "INHALE", "1111", ...port]);
  assert.deepEqual([command.status, command.stdout], [0, "ack\n"]);
  const refused = await runHere(["hev", "cmd", "GENERAL", "DANCE", ...port, "--json"]);
  const reason = 'Cannot take command "GENERAL DANCE": no version has it';
  assert.equal(refused.status, 1);
  assert.deepEqual(JSON.parse(refused.stdout), { reply: "nack", reason });
  assert.equal(refused.stderr, `pulsebox: ${reason}\n`);
  const unlisted = await runHere(["hev", "ack", "ALARM_TEST", ...port]);
  assert.deepEqual(unlisted, {
    status: 1,
    stdout: "nack\n",
    stderr: 'pulsebox: Cannot acknowledge "ALARM_TEST": it is not listed\n',
  });
  const entry = await runHere(["hev", "ack", "APNEA", "PRIORITY_HIGH", ...port]);
  assert.deepEqual([entry.status, entry.stdout], [0, "ack\n"]);
});

Deno.test("pulsebox hev replays what it recorded, byte for byte", () =>
  inFolder(async (folder) => {
    const first = `${folder}/first.hev`;
    const again = `${folder}/again.hev`;
    {
      const { host, ports: [web = 0] } = await startHost("--hev-source=dump", "--hev-speed=20");
      await using _host = host;
      const recorded = await runHere(["hev", "record", first, "-n", "10", "-p", `${web}`]);
      assert.equal(recorded.status, 0, recorded.stderr);
    }
    await using replay = new PulseboxProcess(["hev", "replay", first, "--port=0", "--once"]);
    const [, port] = await replay.stdoutHas(/Replaying on tcp:\/\/127\.0\.0\.1:(\d+)/);
    const recorded = await runHere(["hev", "record", again, "-n", "10", "-p", `${port}`]);
    assert.equal(recorded.status, 0, recorded.stderr);
    const textsOf = async (path: string) => {
      const capture = readCapture(await Deno.readTextFile(path));
      return capture?.packets.map(({ text }) => text);
    };
    const texts = await textsOf(first);
    assert.equal(texts?.length, 10);
    assert.deepEqual(await textsOf(again), texts);
  }));

Deno.test("pulsebox hev records the original's format, which a host plays again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/record.dump`;
    {
      const { host, ports: [, native = 0] } = await startHost(
        "--hev-source=emulator",
        "--hev-speed=5",
      );
      await using _host = host;
      const args = ["hev", "record", path, "--format", "dump", "-n", "20", "-p", `${native}`];
      assert.equal((await runHere(args)).status, 0);
    }
    assert.match(await Deno.readTextFile(path), /^(b'[0-9a-f]+'\n){20,}$/);
    const { host, ports: [web = 0] } = await startHost(`--inputFile=${path}`);
    await using _host = host;
    const shown = await runHere(["hev", "values", "--json", "-p", `${web}`]);
    assert.equal(JSON.parse(shown.stdout).values.version, 170);
  }));

Deno.test("pulsebox hev emulates a microcontroller that a host finds at its path", () =>
  inFolder(async (folder) => {
    const tty = `${folder}/ttyEMU0`;
    await using emulator = new PulseboxProcess(["hev", "emulate", "--tty", tty, "--speed=5"]);
    await emulator.stderrHas(/The microcontroller is at/);
    const { host, ports: [web = 0, , query = 0] } = await startHost(`--hev-source=serial:${tty}`);
    await using _host = host;
    const shown = await runHere(["hev", "values", "--json", "-p", `${web}`]);
    assert.equal(JSON.parse(shown.stdout).values.version, 170);
    const args = ["hev", "cmd", "SET_PID", "KP", "0.5", "--query-port", `${query}`];
    assert.equal((await runHere(args)).status, 0);
    await emulator.stdoutHas(/command SET_PID KP 0\.5 \(version 0xAA\)/);
  }));

Deno.test("pulsebox --hev lists the alarms of its earlier run again", () =>
  inFolder(async (folder) => {
    const data = `--data=${folder}/data`;
    {
      const { host } = await startHost("--hev-source=dump", "--hev-speed=20", data);
      await using running = host;
      await running.stderrHas(/Alarm \w+ priority/);
      running.signal("SIGTERM");
      assert.equal((await running.finished()).status, 0);
    }
    const { host, ports: [web = 0] } = await startHost(
      "--hev-source=dump",
      "--hev-alarm-interval=0s",
      data,
    );
    await using _host = host;
    const shown = await runHere(["hev", "values", "--json", "-p", `${web}`]);
    assert.notDeepEqual(JSON.parse(shown.stdout).alarms, []);
  }));

Deno.test("pulsebox hev explains wrong use", async () => {
  const cases: [args: string[], message: RegExp][] = [
    [["valeus"], /Unknown action "valeus": did you mean values\?/],
    [["dance"], /Unknown action "dance": must be one of values, watch/],
    [["cmd", "GENERAL"], /Write: pulsebox hev cmd TYPE COMMAND \[PARAM\]/],
    [["cmd", "GENERAL", "START", "x"], /PARAM is "x": must be a number/],
    [["watch", "-p", "99999"], /--port is "99999": must be a port number/],
    [["watch", "-n", "0"], /--count is "0"/],
    [["watch", "--for", "soon"], /--for is "soon"/],
    [["replay", "x", "--speed", "0"], /--speed is "0"/],
    [["record", "x", "--format", "mp3"], /--format is "mp3"/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = await runHere(["hev", ...args]);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message);
  }
  const absent = await runHere(["hev", "replay", "absent.hev"]);
  assert.deepEqual([absent.status, /no such file/.test(absent.stderr)], [1, true]);
  const nobody = await runHere(["hev", "ack", "APNEA", "--query-port", "1"]);
  assert.deepEqual([nobody.status, /nothing listens there/.test(nobody.stderr)], [1, true]);
});

Deno.test("hev record leaves a file alone that is there, unless --force says so", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "precious");
    const { status, stderr } = await runProcess(["hev", "record", file, "--for=100ms"]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^pulsebox: Cannot write ".*": it exists already; --force replaces it\n$/,
    );
    assert.equal(await Deno.readTextFile(file), "precious");
    // Long enough for a slow machine to begin.
    await runProcess(["hev", "record", file, "--for=2s", "--force"]);
    assert.equal(await Deno.readTextFile(file), "");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("hev watch that gets nothing says so and fails", async () => {
  const { status, stderr } = await runHere(["hev", "watch", "-p", "1", "--for", "200ms"]);
  assert.equal(status, 1);
  assert.match(stderr, /^pulsebox: Not connected to .*: .*\npulsebox: No values arrived\n$/);
});
