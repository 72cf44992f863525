/** SIGUSR1 opens no inspector and ends nothing; `beat` hands it to its program. */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { PulseboxHost, PulseboxProcess } from "./pulsebox_process.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** In `/proc/net/tcp`. */
const TCP_LISTEN = "0A";
/** The runtime's inspector there: 127.0.0.1:9229. */
const INSPECTOR = "0100007F:240D";
/** That of the package; the other executable's last line is the same. */
const LAUNCHER = new URL("../../scripts/package/system_launcher.sh", import.meta.url);

/** A program that says when it is ready, and each time that it got the signal; the third one ends it. */
const PROGRAM = `
  count=0
  told() { count=$((count + 1)); echo "told $count"; [ $count -lt 3 ] || exit 7; }
  trap told USR1
  echo ready
  while kill -0 $PPID; do sleep 0.05; done`;

Deno.test("SIGUSR1 changes nothing on a running host", async () => {
  await using host = await PulseboxHost.start();
  const { pid } = host.process;
  // The runtime would take the signal back about half a second after a start: no moment is left out.
  for (const until = performance.now() + 1_500; performance.now() < until;) {
    assert.equal(await masks(pid, "SigIgn"), true, "it is ignored without a gap");
    host.process.signal("SIGUSR1");
  }
  assert.equal((await fetch(`${host.consoleUrl}/healthz`)).status, 200);
  assert.equal((await listeningPorts(pid)).includes(INSPECTOR), false);
  host.process.signal("SIGTERM");
  const { status, stderr } = await host.process.finished();
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /Debugger/);
});

Deno.test("SIGUSR1 ends no executable and opens no inspector, from its first moment on", async () => {
  using directory = temporaryDirectory();
  const launcher = (await Deno.readTextFile(LAUNCHER)).replace("@FLAGS@", "--quiet --no-check -A")
    .replace("/usr/lib/pulsebox/deno", Deno.execPath())
    .replace("/usr/lib/pulsebox/program/portable/main.js", MAIN);
  const path = `${directory.path}/pulsebox`;
  await Deno.writeTextFile(path, launcher, { mode: 0o755 });
  const { DENO_DIR = `${Deno.env.get("HOME")}/.cache/deno` } = Deno.env.toObject();
  const args = ["--heartbeat", "--heartbeat-port=0", "--console-port=0"];
  await using host = new PulseboxProcess(args, { CACHE_DIRECTORY: DENO_DIR }, ["sh", path]);
  let isUp = false;
  const up = host.stderrHas(/Listening on \S+ role=console/).finally(() => isUp = true);
  // The shell itself needs a moment until it ignores the signal.
  await ignoresSignal(host.pid);
  while (!isUp) {
    host.signal("SIGUSR1");
    await new Promise((done) => setTimeout(done, 5));
  }
  await up;
  assert.equal(await masks(host.pid, "SigBlk"), true);
  assert.equal((await listeningPorts(host.pid)).includes(INSPECTOR), false);
  host.signal("SIGTERM");
  const { status, stderr } = await host.finished();
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /Debugger/);
});

/** Waits until a process ignores SIGUSR1 or has it blocked. */
async function ignoresSignal(pid: number): Promise<void> {
  while (!await masks(pid, "SigIgn") && !await masks(pid, "SigBlk")) {
    await new Promise((done) => setTimeout(done, 1));
  }
}

/** Whether a process ignores SIGUSR1, or has it blocked. */
async function masks(pid: number, mask: "SigIgn" | "SigBlk"): Promise<boolean> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  const bits = new RegExp(`^${mask}:\\s*([0-9a-f]+)$`, "m").exec(text)?.[1] ?? "0";
  return (BigInt(`0x${bits}`) & (1n << 9n)) !== 0n;
}

/** The TCP ports that a process listens on, as the kernel writes them. */
async function listeningPorts(pid: number): Promise<string[]> {
  const own = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    own.add(await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => ""));
  }
  const rows = (await Deno.readTextFile(`/proc/${pid}/net/tcp`)).split("\n").slice(1)
    .map((line) => line.trim().split(/ +/));
  return rows.filter((row) => row[3] === TCP_LISTEN && own.has(`socket:[${row[9]}]`))
    .map((row) => row[1] ?? "");
}

Deno.test("pulsebox beat hands SIGUSR1 to its program and opens no inspector", async () => {
  await using beat = new PulseboxProcess([
    "beat",
    "x",
    "--url=http://127.0.0.1:9",
    "--",
    "sh",
    "-c",
    PROGRAM,
  ]);
  await beat.stdoutHas(/ready/);
  for (const told of [/told 1/, /told 2/]) {
    beat.signal("SIGUSR1");
    await beat.stdoutHas(told);
  }
  // The runtime opens its inspector a moment after the signal, unless it never sees it.
  assert.equal(await masks(beat.pid, "SigBlk"), true);
  assert.deepEqual(await listeningPorts(beat.pid), []);
  beat.signal("SIGUSR1");
  const { status, stdout, stderr } = await beat.finished();
  assert.equal(stdout, "ready\ntold 1\ntold 2\ntold 3\n");
  assert.equal(status, 7);
  assert.doesNotMatch(stderr, /Debugger/);
});

Deno.test("the program of pulsebox beat gets its signals as any other", async () => {
  const show = 'grep -E "^Sig(Blk|Ign)" /proc/self/status';
  await using beat = new PulseboxProcess(["beat", "--", "sh", "-c", show]);
  const { stdout } = await beat.finished();
  for (const [, name, mask] of stdout.matchAll(/^(\w+):\t([0-9a-f]+)$/gm)) {
    assert.equal(BigInt(`0x${mask}`) & (1n << 9n), 0n, `${name} ${mask}`);
  }
  assert.match(stdout, /SigBlk/);
});
