import { strict as assert } from "node:assert";
import { PulseboxProcess, runProcess } from "../pulsebox_process.ts";

/** Variables of the runner must not reach the program. */
const CLEAN = { HOST: "", PORT: "", LOG_LEVEL: "", WORKER_POOL_SIZE: "" };

async function startTrigger(env: Record<string, string>) {
  const process = new PulseboxProcess(["--trigger", "--no-console"], { ...CLEAN, ...env });
  const [, port = ""] = await process.stderrHas(/Listening on udp:\/\/127\.0\.0\.1:(\d+)/);
  return { process, port };
}

Deno.test("pulsebox --trigger serves with the original's environment and ends at SIGTERM", async () => {
  const { process, port } = await startTrigger({ HOST: "127.0.0.1", PORT: "0" });
  await using _ = process;
  const args = ["trigger-client", `127.0.0.1:${port}`, "-n", "5", "--for", "3s", "--json"];
  const { status, stdout } = await runProcess(args);
  assert.equal(status, 0);
  const figures = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual([figures.clients, figures.woken, figures.lost], [5, 5, 0]);
  assert.ok(figures.pings >= 10, stdout);
  const signalledAt = performance.now();
  process.signal("SIGTERM");
  assert.equal((await process.finished()).status, 0);
  assert.ok(performance.now() - signalledAt < 1_500);
});

Deno.test("pulsebox --trigger on a port that is taken says so and ends with status 1", async () => {
  const { process, port } = await startTrigger({ TIX_HOST: "127.0.0.1", TIX_PORT: "0" });
  await using _ = process;
  const { status, stderr } = await runProcess(["--trigger", "--no-console"], {
    ...CLEAN,
    HOST: "127.0.0.1",
    PORT: port,
  });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`Cannot listen on 127.0.0.1:${port}: another program uses`));
});

Deno.test("pulsebox --trigger refuses a bad setting with one line and status 2", async () => {
  const { status, stderr } = await runProcess(["--trigger"], { ...CLEAN, WORKER_POOL_SIZE: "0" });
  assert.equal(status, 2);
  assert.match(stderr, /^pulsebox: WORKER_POOL_SIZE is "0": must be a whole number/);
});

Deno.test("pulsebox trigger-client ends with status 1 if nobody wakes it", async () => {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { port } = socket.addr as Deno.NetAddr;
  const { status, stdout } = await runProcess([
    "trigger-client",
    `127.0.0.1:${port}`,
    "--for",
    "1s",
  ]);
  socket.close();
  assert.equal(status, 1);
  assert.match(stdout, /^0 of 1 woken, 0 pings$/m);
});

for (const args of [["a b"], ["127.0.0.1", "-n", "0"], ["127.0.0.1", "--for", "soon"]]) {
  Deno.test(`pulsebox trigger-client refuses ${args.join(" ")}`, async () => {
    const { status, stderr } = await runProcess(["trigger-client", ...args]);
    assert.equal(status, 2);
    assert.match(stderr, /^pulsebox: .*must (be|name)/);
  });
}
