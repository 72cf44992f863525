import { strict as assert } from "node:assert";
import { cleanEnvironment, commandLine, PulseboxHost, runProcess } from "../pulsebox_process.ts";

/** A server that accepts connections and does with them what it is told. */
function badServer(treat: (conn: Deno.TcpConn) => Promise<void>): Disposable & { url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const conn of listener) {
      open.push(conn);
      await treat(conn);
    }
  })();
  accepting.catch(() => {});
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    [Symbol.dispose]() {
      listener.close();
      for (const conn of open) {
        try {
          conn.close();
        } catch {
          // It is closed already.
        }
      }
    },
  };
}

/** Reads a request, then answers. */
async function answer(conn: Deno.TcpConn, reply: string): Promise<void> {
  await conn.read(new Uint8Array(4_096));
  await conn.write(new TextEncoder().encode(reply));
  conn.close();
}

async function beat(host: PulseboxHost, delayMs: number, app: string): Promise<void> {
  const reply = await fetch(`${host.url}/hb_ping?${delayMs}&appid=${app}`);
  await reply.body?.cancel();
}

Deno.test("check passes the server's word and status on", async () => {
  await using host = await PulseboxHost.start();
  const env = { HB_URL: host.url };
  const none = await runProcess(["check"], env);
  assert.deepEqual(none, {
    status: 3,
    stdout: "UNKNOWN - no heartbeat clients at the moment...\n",
    stderr: "",
  });
  await beat(host, 60_000, "tetris");
  const fine = await runProcess(["check", "tetris"], env);
  assert.equal(fine.status, 0);
  assert.match(
    fine.stdout,
    /^OK - fine application \[tetris @ 127\.0\.0\.1\]\| od=0\.\d\d;3;5;0;6 delay=61000ms;;; \n$/,
  );
  const lost = await runProcess(["check", "zelda"], env);
  assert.equal(lost.status, 2);
  assert.match(lost.stdout, /^CRITICAL - no application record/);
  const byEnvironment = await runProcess(["check"], { ...env, APP_ID: "zelda" });
  assert.equal(byEnvironment.status, 2);
  await beat(host, 60_000, "pong");
  const several = await runProcess(["check"], env);
  assert.equal(several.status, 1);
  assert.match(several.stdout, /^WARNING - multiple \(2\) applications: /);
});

Deno.test("check asks for a name that begins with a dash, or holds a bar", async () => {
  await using host = await PulseboxHost.start();
  await beat(host, 60_000, "-x");
  const dashed = await runProcess(["check", "--", "-x"], { HB_URL: host.url });
  assert.match(dashed.stdout, /^OK - fine application \[-x @ 127\.0\.0\.1\]/);
  await beat(host, 60_000, "a%7Cb");
  const barred = await runProcess(["check", "a|b"], { HB_URL: host.url });
  assert.match(barred.stdout, /^OK - fine application \[a¦b @ 127\.0\.0\.1\]\| od=[^|]*$/);
});

Deno.test("check finds an application of another station by name, address and station", async () => {
  await using host = await PulseboxHost.start(["--heartbeat-stations=127.0.0.7=Foyer, left"]);
  const env = { HB_URL: host.url };
  const beatFrom = async (address: string, app: string) => {
    const url = `${host.url}/hb_ping?60000&appid=${app}`;
    const args = ["--silent", "--fail", "--interface", address, url];
    assert.ok((await new Deno.Command("curl", { args, stdout: "null" }).output()).success);
  };
  await beatFrom("127.0.0.7", "solo");
  const fine = /^OK - fine application \[solo @ 127\.0\.0\.7\]/;
  for (const name of ["solo", "solo @ 127.0.0.7", "solo @ Foyer, left"]) {
    const { status, stdout } = await runProcess(["check", name], env);
    assert.match(stdout, fine);
    assert.equal(status, 0);
  }
  const elsewhere = await runProcess(["check", "solo @ 127.0.0.8"], env);
  assert.equal(elsewhere.status, 2);
  await beatFrom("127.0.0.8", "solo");
  const several = await runProcess(["check", "solo"], env);
  assert.equal(several.status, 3);
  assert.match(several.stdout, /^UNKNOWN - .*\[solo @ 127\.0\.0\.7,solo @ 127\.0\.0\.8\]\n$/);
  // The asker's own comes first, and the wire without the scope is the original's.
  const own = await (await fetch(`${host.url}/status?0&appid=solo`)).text();
  assert.equal(own, "CRITICAL - no application record for queried ID: [solo @ 127.0.0.1]");
  await beat(host, 60_000, "solo");
  assert.equal((await runProcess(["check", "solo"], env)).status, 0);
});

Deno.test("check applies ranges to od, with -H and -p", async () => {
  await using host = await PulseboxHost.start();
  const { hostname, port } = new URL(host.url);
  await beat(host, 60_000, "tetris");
  const where = ["check", "tetris", "-H", hostname, "-p", port];
  const ok = await runProcess([...where, "-w", "3", "-c", "5"]);
  assert.equal(ok.status, 0, ok.stdout);
  const warning = await runProcess([...where, "-w", "@0:1", "-c", "5"]);
  assert.equal(warning.status, 1, warning.stdout);
  const critical = await runProcess([...where, "-w", "3", "-c", "5:"]);
  assert.equal(critical.status, 2, critical.stdout);
  assert.match(critical.stdout, /^CRITICAL - .*\| od=0\.\d\d;3;5:;0;6 delay=61000ms;;; \n$/);
});

Deno.test("check says what it does only on standard error", async () => {
  await using host = await PulseboxHost.start();
  const { stdout, stderr } = await runProcess(["check", "-v", "--url", host.url]);
  assert.equal(stdout, "UNKNOWN - no heartbeat clients at the moment...\n");
  assert.match(stderr, /^Asking http:\/\/127\.0\.0\.1:\d+ for the station/);
});

Deno.test("check is CRITICAL when nobody listens", async () => {
  const url = (() => {
    using server = badServer(() => Promise.resolve());
    return server.url;
  })();
  const { status, stdout } = await runProcess(["check"], { HB_URL: url });
  assert.equal(status, 2);
  assert.match(stdout, /^CRITICAL - cannot get heartbeat status from HB server! [^\n]+\n$/);
});

Deno.test("check is CRITICAL when the server fails or hangs up", async () => {
  using failing = badServer((conn) => answer(conn, "HTTP/1.0 500 Oh\r\n\r\nno"));
  assert.equal((await runProcess(["check"], { HB_URL: failing.url })).status, 2);
  using rude = badServer((conn) => answer(conn, ""));
  assert.equal((await runProcess(["check"], { HB_URL: rude.url })).status, 2);
});

Deno.test("check is UNKNOWN when the server takes too long", async () => {
  using silent = badServer(() => Promise.resolve());
  const started = performance.now();
  const { status, stdout } = await runProcess(["check", "-t", "200ms"], { HB_URL: silent.url });
  assert.equal(status, 3);
  assert.match(stdout, /^UNKNOWN - [^\n]+\n$/);
  assert(performance.now() - started < 5_000);
});

Deno.test("check is UNKNOWN when something else answers", async () => {
  using other = badServer((conn) => answer(conn, "HTTP/1.0 200 OK\r\n\r\n<html>\nhi"));
  const { status, stdout } = await runProcess(["check"], { HB_URL: other.url });
  assert.equal(status, 3);
  assert.equal(stdout, 'UNKNOWN - the server answers "<html>", which is no status\n');
});

Deno.test("check is UNKNOWN where its line cannot be written", async () => {
  await using host = await PulseboxHost.start();
  await beat(host, 60_000, "tetris");
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$0" "$@" > /dev/full', ...commandLine(["check", "tetris"])],
    env: cleanEnvironment({ HB_URL: host.url }),
    clearEnv: true,
    stderr: "piped",
  });
  const { code, stderr } = await child.output();
  assert.equal(code, 3);
  assert.match(new TextDecoder().decode(stderr), /^pulsebox: UNKNOWN - Cannot check: [^\n]+\n$/);
});
