/**
 * `deno task start`, as the README promises it.
 */

import { strict as assert } from "node:assert";
import { OPTIONS, roleKeys } from "../src/appliance/settings/options.ts";
import { requirement } from "./support/require.ts";
import { within } from "./support/tcp.ts";

const ROOT = new URL("../", import.meta.url);
const OFFLINE = ["--user", "--map-root-user", "--net"];

/** A task's own words, so that its permissions are tried as well. */
async function taskCommand(name: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const words: string[] = tasks[name].command.split(" ");
  assert.equal(words.shift(), "deno");
  return words;
}

/** Environment that gives each listening address a free port. */
function freePorts(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { flag } of Object.values(OPTIONS)) {
    if (flag.endsWith("-port")) env[`PULSEBOX_${flag.toUpperCase().replaceAll("-", "_")}`] = "0";
  }
  return env;
}

/** The addresses of a process's UDP sockets, as the kernel writes them. */
async function udpAddressesOf(pid: number): Promise<string[]> {
  const own = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    own.add(await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => ""));
  }
  const tables = await Promise.all(
    ["udp", "udp6"].map((name) => Deno.readTextFile(`/proc/${pid}/net/${name}`)),
  );
  const rows = tables.flatMap((text) => text.split("\n").slice(1))
    .map((line) => line.trim().split(/ +/));
  const addresses = rows.filter((row) => own.has(`socket:[${row[9]}]`))
    .map((row) => row[1]?.split(":")[0] ?? "");
  return [...new Set(addresses)];
}

Deno.test("deno task start ends with the page's address, on loopback only, and the page shows life at once", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: await taskCommand("start"),
    cwd: ROOT,
    env: freePorts(),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaints = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  try {
    let address: string | undefined;
    while (address === undefined) {
      const { value, done } = await within(lines.read(), "its output");
      assert(!done, `it ended: ${said}`);
      said += value;
      address = /^Open (\S+)\n/m.exec(said)?.[1];
    }
    const urls = said.match(/\S+:\/\/\S+/g) ?? [];
    assert.deepEqual(urls.filter((url) => !/^\w+:\/\/127\.0\.0\.1:/.test(url)), []);
    for (const role of roleKeys()) assert.match(said, new RegExp(`^  ${role} +\\w+://`, "m"));
    // The simulated phones, too, are nobody's but this machine's.
    assert.deepEqual(await udpAddressesOf(child.pid), ["0100007F"]);
    let page = "";
    for (let attempt = 0; attempt < 50 && !page.includes("● running"); attempt++) {
      page = await (await fetch(address)).text();
    }
    assert.match(page, /● running/);
    assert.match(page, /tetris/);
  } finally {
    child.kill("SIGTERM");
    for (let more = await lines.read(); !more.done; more = await lines.read()) said += more.value;
    assert.equal((await within(child.status, "its end")).code, 0);
  }
  assert.match(said, /\nOpen \S+\n$/);
  assert.equal(await complaints, "");
});

Deno.test("deno task pulsebox runs the roles that follow", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...await taskCommand("pulsebox"), "--heartbeat"],
    cwd: ROOT,
    env: freePorts(),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await within(lines.read(), "the start line");
  const port = /^Serving HTTP on \[127\.0\.0\.1\], port: \[(\d+)\]\.\.\.\n$/.exec(value ?? "")?.[1];
  const reply = await fetch(`http://127.0.0.1:${port}/hb_ping?5000&appid=tetris`);
  assert.equal(await reply.text(), "6000");
  child.kill("SIGTERM");
  while (!(await within(lines.read(), "the end of the output")).done);
  assert.equal((await within(child.status, "its end")).code, 0);
});

/** Whether this machine lets a test have a network without a way out. */
function canBeOffline(): boolean {
  try {
    return new Deno.Command("unshare", { args: [...OFFLINE, "true"], stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

if (
  requirement("the first start without a network", {
    name: "unshare, with namespaces for users",
    available: canBeOffline(),
    howToGet: "apt-get install util-linux",
  })
) {
  for (const task of ["start", "pulsebox"]) {
    Deno.test(`deno task ${task} says what a first start waits for, and fetches nothing for tests`, async () => {
      const cache = await Deno.makeTempDir();
      try {
        const args = [...await taskCommand(task), ...(task === "start" ? [] : ["--heartbeat"])];
        const child = new Deno.Command("unshare", {
          args: [...OFFLINE, Deno.execPath(), ...args],
          cwd: ROOT,
          env: { ...freePorts(), DENO_DIR: cache, NO_COLOR: "1" },
          stdin: "null",
          stdout: "null",
          stderr: "piped",
        });
        const { code, stderr } = await within(child.output(), "its end");
        const said = new TextDecoder().decode(stderr);
        assert.equal(code, 1, said);
        assert.match(said, /^Download https:\/\/registry\.npmjs\.org\/\S+$/m);
        assert.match(said, /\npulsebox: Cannot fetch the package \S+: the first start from source/);
        assert.doesNotMatch(said, /axe-core|fast-check|playwright-core/);
      } finally {
        await Deno.remove(cache, { recursive: true });
      }
    });
  }
}
