import { strict as assert } from "node:assert";
import { PulseboxHost, runProcess } from "../../pulsebox_process.ts";
import { startTls } from "../../tls_console.ts";

async function beat(host: PulseboxHost, delayMs: number, app: string): Promise<void> {
  await (await fetch(`${host.url}/hb_ping?${delayMs}&appid=${app}`)).body?.cancel();
}

/** Waits until the console's verdict is this. */
async function verdictIs(host: PulseboxHost, word: string): Promise<void> {
  const reply = await fetch(`${host.consoleUrl}/api/v1/events`);
  for await (const _ of reply.body ?? []) {
    const { verdict } = await (await fetch(`${host.consoleUrl}/api/v1/verdict`)).json();
    if (verdict === word) return;
  }
}

Deno.test("check of the whole host is OK with two that are well", async () => {
  await using host = await PulseboxHost.start();
  const { port } = new URL(host.consoleUrl);
  await beat(host, 60_000, "tetris");
  await beat(host, 60_000, "pong");
  const where = ["check", "-H", "127.0.0.1", "--console-port", port];
  const { status, stdout } = await runProcess(where);
  assert.match(stdout, /^OK - All is well \| members=2 [^|\n]* ok=2 [^|\n]*\n$/);
  assert.equal(status, 0);
});

Deno.test("check of the whole host is CRITICAL beside the dead, until they are paused", async () => {
  await using host = await PulseboxHost.start();
  await beat(host, 60_000, "tetris");
  for (const name of ["a", "b", "c"]) await beat(host, 1, name);
  await verdictIs(host, "lost");
  const check = (...args: string[]) =>
    runProcess(["check", "--url", host.url, "--console-url", host.consoleUrl, ...args]);
  const dead = await check("-w", "3", "-c", "5");
  assert.match(dead.stdout, /^CRITICAL - \d of 4 [^\n]*[abc] \((lost|gone)\)[^\n]*\n$/);
  assert.equal(dead.status, 2);
  const wire = await check("--no-console");
  const status = await (await fetch(`${host.url}/status`)).text();
  assert.equal(wire.stdout.split(" ")[0], status.split(" ")[0], "the heartbeat port's own word");
  const paused = await runProcess(["pause", "--all", "--console-url", host.consoleUrl]);
  assert.equal(paused.status, 0, paused.stderr);
  const { stdout } = await check();
  assert.match(stdout, /^OK - In maintenance \|/);
});

Deno.test("check of the whole host believes a console over HTTPS with a token only", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await using host = await startTls(directory);
    const url = `https://127.0.0.1:${host.port}`;
    const ask = (args: string[], env: Record<string, string> = {}) =>
      runProcess(["check", "--url", `https://127.0.0.1:${host.heartbeatPort}`, ...args], env);
    const trusted = ["--ca", host.cert, "--console-url", url];
    const refused = await ask(trusted);
    assert.match(refused.stdout, /^UNKNOWN - [^\n]*--no-console asks only the heartbeat port\n$/);
    assert.equal(refused.status, 3);
    const answered = await ask(trusted, { PULSEBOX_TOKEN: host.readToken });
    assert.match(answered.stdout, /^UNKNOWN - Nobody has been heard yet \|/);
    const beside = ["--ca", host.cert, "--console-port", `${host.port}`];
    const found = await ask(beside, { PULSEBOX_TOKEN: host.readToken });
    assert.match(found.stdout, /^UNKNOWN - Nobody has been heard yet \|/);
    const stranger = await ask(["--console-url", url]);
    assert.equal(stranger.status, 2, stranger.stdout);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
