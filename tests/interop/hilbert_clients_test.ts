/**
 * The tools that the original clients are made of: wget and curl of the shell helpers and checkers,
 * urllib of the Python client, bash itself.
 */

import { strict as assert } from "node:assert";
import { HeartbeatRole } from "../../src/roles/heartbeat/role.ts";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { isInstalled } from "../support/tool.ts";
import { requirement } from "../support/require.ts";

const SUITE = "Hilbert clients";
const GOODBYE = "So Long, and Thanks for All the Fish!";
/** The helpers' own limits: two tries of two seconds, then curl with four seconds in all. */
const WGET = ["-q", "-O", "-", "--tries=2", "--timeout=2"];
const CURL = ["-s", "-L", "--connect-timeout", "2", "-m", "4"];
const BUSTER = "cache_buster=1795246915_772000000";

function startRole(): HeartbeatRole {
  const members = new Members({ now: performance.now(), events: new Events() });
  return HeartbeatRole.start({
    members,
    now: () => performance.now(),
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
  });
}

interface Ended {
  code: number;
  out: string;
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { code, stdout } = await new Deno.Command(command, {
    args,
    env: { ...env, no_proxy: "127.0.0.1", LC_ALL: "C.UTF-8" },
    stdin: "null",
    signal: AbortSignal.timeout(15_000),
  }).output();
  return { code, out: new TextDecoder().decode(stdout) };
}

function need(tool: string): boolean {
  const howToGet = `apt-get install ${tool}`;
  return requirement(`${SUITE}, ${tool}`, { name: tool, available: isInstalled(tool), howToGet });
}

if (need("wget")) {
  Deno.test("wget sends heartbeats as the shell helpers do, offering gzip", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    const wget = (...args: string[]) => run("wget", [...WGET, ...args]);
    const json = ["--header=Content-Type: application/json", '--post-data={"appid":"tetris"}'];
    const target = (command: string) => `${url}/${command}&appid=tetris&${BUSTER}`;
    assert.deepEqual(await wget(...json, target("hb_init?10000")), { code: 0, out: "11000" });
    assert.deepEqual(await wget(target("hb_ping?5000")), { code: 0, out: "6000" });
    for (const gzip of ["--compression=auto", "--header=Accept-Encoding: gzip"]) {
      const { out } = await wget(gzip, `${url}/status?${BUSTER}`);
      assert.match(
        out,
        /^OK - fine application \[tetris @ 127\.0\.0\.1\]\| od=0\.\d\d;3;5;0;6 delay=6000ms;;; $/,
      );
    }
    assert.equal((await wget(`${url}/list?${BUSTER}`)).out, "tetris @ 127.0.0.1\n");
    assert.deepEqual(await wget(...json, target("hb_done?0")), { code: 0, out: GOODBYE });
    const { code, out } = await wget(`${url}/status?${BUSTER}`);
    assert.deepEqual([code, out], [0, "UNKNOWN - no heartbeat clients at the moment..."]);
  });

  Deno.test("wget's names arrive as they were meant", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    for (const name of ["my app", "50%off", "ä", "a=b;c"]) {
      assert.equal((await run("wget", [...WGET, `${url}/hb_ping?5000&appid=${name}`])).out, "6000");
      assert.equal((await run("wget", [...WGET, `${url}/list`])).out, `${name} @ 127.0.0.1\n`);
      await run("wget", [...WGET, `${url}/hb_done?0&appid=${name}`]);
    }
  });

  Deno.test("wget treats a refused request as failed", async () => {
    await using role = startRole();
    const { code, out } = await run("wget", [...WGET, `${role.addresses[0]}/hb_ping?abc&appid=x`]);
    assert.deepEqual([code, out], [8, ""]);
  });
}

if (need("curl")) {
  Deno.test("curl sends heartbeats as the shell helpers do", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    const curl = (...args: string[]) => run("curl", [...CURL, ...args]);
    const json = ["-X", "POST", "-H", "Content-Type: application/json", "-d", '{"appid":"B"}'];
    assert.equal((await curl(...json, `${url}/hb_init?10000&appid=A`)).out, "11000");
    assert.equal((await curl("-X", "POST", `${url}/hb_ping?&appid=A`)).out, "1000");
    assert.equal((await curl("--compressed", `${url}/list?${BUSTER}`)).out, "A @ 127.0.0.1\n");
    assert.equal((await curl("-0", `${url}/hb_done?0&appid=A`)).out, GOODBYE);
  });

  Deno.test("curl takes an error for a reply, as the shell helpers know", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    const { code, out } = await run("curl", [...CURL, `${url}/hb_pong?5&appid=50%off`]);
    assert.deepEqual([code, out], [
      0,
      "ERROR: cannot process your request: [/hb_pong?5&appid=50%off]",
    ]);
  });

  Deno.test("curl sends a large body, and raw UTF-8, without harm", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    const body = "x".repeat(20_000);
    assert.equal(
      (await run("curl", [...CURL, "-d", body, `${url}/hb_ping?1&appid=ä`])).out,
      "1001",
    );
    assert.equal((await run("curl", [...CURL, `${url}/list`])).out, "ä @ 127.0.0.1\n");
  });
}

if (need("python3")) {
  Deno.test("urllib sends heartbeats as the Python client does", async () => {
    await using role = startRole();
    const script = new URL("./hilbert_urllib.py", import.meta.url).pathname;
    const { code, out } = await run("python3", [script, role.addresses[0] ?? "", "test_python"]);
    assert.equal(code, 0);
    assert.deepEqual(out.replace(/od=0\.\d\d/, "od=0.00").split("\n"), [
      "1500",
      "2000",
      "test_python @ 127.0.0.1",
      "OK - fine application [test_python @ 127.0.0.1]| od=0.00;3;5;0;6 delay=2000ms;;; ",
      GOODBYE,
      "400 ERROR: cannot process your request: [/hb_pong]",
      "",
    ]);
  });
}

if (need("bash")) {
  Deno.test("bash alone is enough for a heartbeat", async () => {
    await using role = startRole();
    const { port } = new URL(role.addresses[0] ?? "");
    const script = `exec 3<>/dev/tcp/127.0.0.1/$PORT
printf 'GET /hb_ping?5000&appid=bash HTTP/1.0\\r\\n\\r\\n' >&3
while IFS= read -r line; do :; done <&3
printf "%s" "$line"`;
    assert.deepEqual(await run("bash", ["-c", script], { PORT: port }), { code: 0, out: "6000" });
  });

  Deno.test("the station script finds the top application in the status", async () => {
    await using role = startRole();
    const url = role.addresses[0] ?? "";
    await (await fetch(`${url}/hb_ping?5000&appid=tetris`)).text();
    const status = await (await fetch(`${url}/status`)).text();
    const script = 'printf "%s" "$STATUS" | sed -n "s/.* application \\[\\([^ ]*\\) @.*/\\1/p"';
    assert.equal((await run("bash", ["-c", script], { STATUS: status })).out.trim(), "tetris");
  });
}

Deno.test("a page of another origin may read every reply", async () => {
  await using role = startRole();
  const url = role.addresses[0] ?? "";
  const headers = { origin: "null" };
  for (
    const target of ["/hb_ping?1000&appid=browser_app&cache_buster=5", "/favicon.ico", "/status"]
  ) {
    const reply = await fetch(url + target, { headers });
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    await reply.text();
  }
});
