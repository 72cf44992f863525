import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { within } from "../../support/tcp.ts";
import {
  cleanEnvironment,
  commandLine,
  PulseboxHost,
  PulseboxProcess,
  runProcess,
} from "../pulsebox_process.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`serve ends with status 0 within two seconds of ${signal}`, async () => {
    await using host = await PulseboxHost.start();
    const started = performance.now();
    host.process.signal(signal);
    const { status, stderr } = await host.process.finished();
    assert.equal(status, 0);
    assert(performance.now() - started < 2_000);
    assert.match(stderr, new RegExp(`Stopping signal=${signal}`));
  });
}

Deno.test("serve goes on after SIGHUP", async () => {
  await using host = await PulseboxHost.start();
  host.process.signal("SIGHUP");
  await host.process.stderrHas(/Read tokens, certificate and secrets again/);
  const reply = await fetch(`${host.url}/hb_ping?5000&appid=x`);
  assert.equal(await reply.text(), "6000");
});

Deno.test("serve ends in time though connections are open and say nothing", async () => {
  await using host = await PulseboxHost.start();
  const { hostname, port } = new URL(host.url);
  const silent = await Promise.all(
    Array.from({ length: 20 }, () => Deno.connect({ hostname, port: Number(port) })),
  );
  try {
    const started = performance.now();
    host.process.signal("SIGTERM");
    assert.equal((await host.process.finished()).status, 0);
    assert(performance.now() - started < 2_000);
  } finally {
    for (const conn of silent) conn.close();
  }
});

Deno.test("serve keeps what it heard last though requests are half sent on every port", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await using host = await PulseboxHost.start(["--data", directory]);
    const half =
      "POST /hb_ping?5000&appid=half HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{";
    const open: Deno.TcpConn[] = [];
    for (const url of [host.url, host.consoleUrl]) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
      open.push(conn);
      await conn.write(new TextEncoder().encode(half));
    }
    const reply = await fetch(`${host.url}/hb_ping?5000&appid=last`);
    await reply.body?.cancel();
    host.process.signal("SIGTERM");
    const { status, stderr } = await host.process.finished();
    for (const conn of open) conn.close();
    assert.equal(status, 0);
    assert.doesNotMatch(stderr, /took too long/);
    using database = new DatabaseSync(`${directory}/pulsebox.db`, { readOnly: true });
    const row = database.prepare("SELECT state FROM member WHERE name = 'last'").get();
    assert.equal(row?.["state"], "ok");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("serve watches on though standard output goes to a full disk", async () => {
  const words = commandLine(["--heartbeat", "--heartbeat-port=0", "--no-console"]);
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$0" "$@" > /dev/full', ...words],
    env: cleanEnvironment(),
    clearEnv: true,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    // Written after the line that standard output had no room for, or by whoever gave up.
    if (/role=heartbeat/.test(stderr)) break;
  }
  const listening = /http:\/\/\S+/.exec(stderr)?.[0] ?? "";
  const reply = await within(fetch(`${listening}/hb_ping?5000&appid=x`), "a reply");
  assert.equal(await reply.text(), "6000");
  child.kill("SIGTERM");
  assert.equal((await within(child.status, "end of the process")).code, 0);
});

Deno.test("serve writes the line of the original server, and its messages elsewhere", async () => {
  await using host = await PulseboxHost.start();
  const { port } = new URL(host.url);
  await host.process.stdoutHas(
    new RegExp(`^Serving HTTP on \\[127\\.0\\.0\\.1\\], port: \\[${port}\\]`),
  );
  host.process.signal("SIGTERM");
  const { stdout } = await host.process.finished();
  assert.equal(stdout, `Serving HTTP on [127.0.0.1], port: [${port}]...\n`);
});

Deno.test("serve writes an IPv6 address in the line of the original server in one pair of brackets", async () => {
  await using host = new PulseboxProcess([
    "--heartbeat",
    "--heartbeat-host=::1",
    "--heartbeat-port=0",
    "--no-console",
  ]);
  await host.stdoutHas(/^Serving HTTP on \[::1\], port: \[\d+\]\.\.\.\n/);
});

Deno.test("serve writes no line per request", async () => {
  await using host = await PulseboxHost.start();
  for (let count = 0; count < 50; count++) {
    const reply = await fetch(`${host.url}/hb_ping?5000&appid=x`);
    await reply.body?.cancel();
  }
  host.process.signal("SIGTERM");
  const { stderr } = await host.process.finished();
  const messages = stderr.trimEnd().split("\n").map((line) =>
    line.replace(/^\S+ info [\w.]+ /, "")
  );
  assert.deepEqual(messages, [
    `Listening on ${host.url} role=heartbeat`,
    `Listening on ${host.consoleUrl} role=console`,
    "Member hilbert/x @ 127.0.0.1 is ok from=unknown cause=heard silentMs=0",
    "Stopping signal=SIGTERM",
  ]);
});

Deno.test("serve keeps what it writes from other users", async () => {
  const directory = await Deno.makeTempDir();
  await using host = await PulseboxHost.start([`--data=${directory}/data`]);
  await (await fetch(`${host.url}/hb_ping?5000&appid=x`)).body?.cancel();
  const names = ["", "/pulsebox.db", "/pulsebox.db-wal"];
  for (const name of names) {
    const { mode } = await Deno.stat(`${directory}/data${name}`);
    assert.equal((mode ?? 0) & 0o077, 0, `data${name} has mode ${mode?.toString(8)}`);
  }
});

Deno.test("serve says in one line that a port is in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const { status, stdout, stderr } = await runProcess([
    "--heartbeat",
    `--heartbeat-port=${port}`,
    "--no-console",
  ]);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    `pulsebox: Cannot listen on 127.0.0.1:${port}: another program uses this port\n`,
  );
});

Deno.test("serve refuses bad settings with status 2, all of them at once", async () => {
  const { status, stderr } = await runProcess(["--heartbeat", "--idle-timeout=15"], {
    HB_URL: "ftp://h:1",
    PULSEBOX_CONSOLE_PORT: "x",
  });
  assert.equal(status, 2);
  assert.deepEqual(stderr.trimEnd().split("\n").sort(), [
    "Try: pulsebox help",
    'pulsebox: --idle-timeout is "15": must be a duration such as 500ms, 15s, 2h or 7d, ' +
    "from 100ms to 1h",
    'pulsebox: HB_URL is "ftp://h:1": must be http://HOST:PORT',
    'pulsebox: PULSEBOX_CONSOLE_PORT is "x": must be a port number, 0 to 65535',
  ]);
});

Deno.test("serve takes its roles and ports from the environment", async () => {
  await using process = new PulseboxProcess([], {
    PULSEBOX_HEARTBEAT: "1",
    PULSEBOX_HEARTBEAT_PORT: "0",
    PULSEBOX_CONSOLE: "off",
    PULSEBOX_LOG_FORMAT: "json",
  });
  const [line = ""] = await process.stderrHas(/^.*"role":"heartbeat".*$/m);
  assert.equal(JSON.parse(line).message, `Listening on ${JSON.parse(line).url}`);
});

Deno.test("serve with --demo has something to look at", async () => {
  await using host = await PulseboxHost.start(["--demo"]);
  await host.process.stderrHas(/Member hilbert\/tetris @ 127.0.0.1 is ok/);
  host.process.signal("SIGTERM");
  assert.equal((await host.process.finished()).status, 0);
});

Deno.test("a reader that has gone is no error", async () => {
  const [program = "", ...args] = commandLine(["config"]);
  const child = new Deno.Command(program, {
    args,
    env: cleanEnvironment(),
    clearEnv: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Long before the program has loaded its code and has something to write.
  await child.stdout.cancel();
  const stderr = await within(new Response(child.stderr).text(), "end of the messages");
  assert.equal(stderr, "");
  assert.equal((await within(child.status, "end of the process")).code, 0);
});
