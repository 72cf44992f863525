/** SIGUSR1 opens no inspector and ends nothing; `beat` hands it to its program. */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { PulseboxHost, PulseboxProcess } from "./pulsebox_process.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** That of the package; the other executable's last line is the same. */
const LAUNCHER = new URL("../../scripts/package/system_launcher.sh", import.meta.url);

/** A program that says when it is ready, and that it got the signal. */
const PROGRAM = 'trap "echo told; exit 7" USR1; echo ready; while :; do sleep 0.05; done';

Deno.test("SIGUSR1 changes nothing on a running host", async () => {
  await using host = await PulseboxHost.start();
  for (let count = 0; count < 3; count++) host.process.signal("SIGUSR1");
  assert.equal((await fetch(`${host.consoleUrl}/healthz`)).status, 200);
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
  host.signal("SIGTERM");
  const { status, stderr } = await host.finished();
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /Debugger/);
});

/** Waits until a process ignores SIGUSR1 or has it blocked. */
async function ignoresSignal(pid: number): Promise<void> {
  for (;;) {
    const text = await Deno.readTextFile(`/proc/${pid}/status`);
    const masks = [...text.matchAll(/^Sig(?:Ign|Blk):\s*([0-9a-f]+)$/gm)];
    if (masks.some(([, mask]) => (BigInt(`0x${mask}`) & (1n << 9n)) !== 0n)) return;
    await new Promise((done) => setTimeout(done, 1));
  }
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
  beat.signal("SIGUSR1");
  const { status, stdout, stderr } = await beat.finished();
  assert.equal(stdout, "ready\ntold\n");
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
