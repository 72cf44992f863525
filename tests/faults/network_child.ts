/**
 * What networks do to a running host. Runs as root in a network of its own; the argument names the
 * scene.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { eventually } from "../support/eventually.ts";
import { PYTHON } from "../support/python.ts";
import { within } from "../support/tcp.ts";

const PEERS = fileURLToPath(new URL("network_peers.py", import.meta.url));
const OURS = "10.99.0.1";
const THEIRS = "10.99.0.2";
/** A host has this long to end; a busy machine adds some. In milliseconds. */
const END_MS_MAX = 15_000;

const [scene = "", folder = ""] = Deno.args;

function run(script: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", { args: ["-ec", script] })
    .outputSync();
  assert.ok(success, `${script}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

async function lineOf(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  for (let text = "";;) {
    const { value, done } = await reader.read();
    text += value ?? "";
    if (done || text.endsWith("\n")) return text.trim();
  }
}

/** A program of the peers, here or in the network of a process. */
function peer(words: readonly string[], pid?: number) {
  const enter = pid === undefined ? [] : ["nsenter", `--net=/proc/${pid}/ns/net`];
  const [program = "", ...args] = [...enter, PYTHON, PEERS, ...words];
  const child = new Deno.Command(program, { args, stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    said: () => within(lineOf(reader), words.join(" "), 30_000),
    status: child.status,
    [Symbol.asyncDispose]: async () => {
      await reader.cancel();
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    },
  };
}

/** Another machine: a network without anything. */
async function machine() {
  const child = new Deno.Command("unshare", { args: ["--net", "sleep", "600"] }).spawn();
  const ours = await Deno.readLink("/proc/self/ns/net");
  await eventually(
    "network",
    async () => await Deno.readLink(`/proc/${child.pid}/ns/net`) !== ours,
  );
  const inside = `nsenter --net=/proc/${child.pid}/ns/net`;
  return {
    pid: child.pid,
    /** Gives both ends of a link their addresses. */
    connect: () =>
      run(
        `ip addr add ${OURS}/24 dev near && ip link set near up && ` +
          `${inside} ip addr add ${THEIRS}/24 dev far && ${inside} ip link set far up`,
      ),
    cut: () => run(`${inside} ip link set far down`),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

async function ask(url: string, waitMs = 5_000): Promise<string> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(waitMs) });
  const text = await reply.text();
  assert.equal(reply.status, 200, `${url}: ${text}`);
  return text;
}

async function metric(host: PulseboxHost, pattern: RegExp): Promise<number> {
  const text = await ask(`${host.consoleUrl}/metrics`);
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}

const ON_THE_NETWORK = [
  ...["heartbeat", "trigger", "state", "hev"].map((role) => `--${role}-host=${OURS}`),
  ...["--trigger", "--state", "--hev", "--hev-source=emulator"],
];

const SCENES: Readonly<Record<string, () => Promise<void>>> = {
  "address removed": async () => {
    run(`ip addr add ${OURS}/32 dev lo`);
    await using host = await PulseboxHost.start(ON_THE_NETWORK);
    await ask(`${host.url}/hb_ping?60000&appid=a`);
    run(`ip addr del ${OURS}/32 dev lo`);
    await assert.rejects(ask(`${host.url}/hb_ping?60000&appid=a`, 1_000));
    await ask(`${host.consoleUrl}/healthz`);
    run(`ip addr add ${OURS}/32 dev lo`);
    await ask(`${host.url}/hb_ping?60000&appid=a`);
    await using caller = peer(["phone", OURS, "7561", "2"]);
    assert.match(await caller.said(), /^pings [1-9]/);
  },

  "cable cut": async () => {
    await using far = await machine();
    run(`ip link add near type veth peer far netns ${far.pid}`);
    far.connect();
    // A stream of few bytes ends when the system gives up: after a quarter of an hour, if not told this.
    Deno.writeTextFileSync("/proc/sys/net/ipv4/tcp_retries2", "3");
    await using host = await PulseboxHost.start([
      ...ON_THE_NETWORK,
      `--console-host=${OURS}`,
      ...[
        "--idle-timeout=1s",
        "--head-timeout=1s",
        "--first-byte-timeout=1s",
        "--write-timeout=2s",
      ],
    ]);
    const [heartbeat, console] = [host.url, host.consoleUrl].map((url) => new URL(url).host);
    const request = (path: string) => `GET ${path} HTTP/1.1\\r\\nHost: ${OURS}\\r\\n`;
    const open = () => metric(host, /^pulsebox_connections\{[^}]*\} (\d+)$/gm);
    await using held = peer([
      "hold",
      `${heartbeat}=`,
      `${heartbeat}=${request("/half")}`,
      `${heartbeat}=${request("/hb_ping?60000&appid=far")}\\r\\n`,
      `${console}=${request("/api/v1/events")}\\r\\n`,
      ...[54320, 54322].map((port) => `${OURS}:${port}=`),
    ], far.pid);
    assert.equal(await held.said(), "ready");
    const streams = () => metric(host, /^(?:hev_clients|pulsebox_event_streams) (\d+)$/gm);
    await eventually("streams", async () => await streams() === 3);
    far.cut();
    // Nobody says goodbye: what is left is that nothing is taken any more, or nothing comes.
    await eventually("end of half-open connections", async () => await open() === 0, 30_000);
    await eventually("end of half-open streams", async () => await streams() === 0, 30_000);
    await ask(`${host.consoleUrl}/healthz`);
  },

  "resolver hangs": async () => {
    // It takes questions and answers none; an address without a way is refused at once.
    const resolver = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 53 });
    Deno.writeTextFileSync(
      `${folder}/resolv.conf`,
      "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n",
    );
    run(`mount --bind ${folder}/resolv.conf /etc/resolv.conf`);
    await using host = await PulseboxHost.start([
      "--webhook=http://hooks.example.org/a",
      "--webhook=http://192.0.2.1/b",
      "--lost-after=2x",
    ]);
    const asked = resolver.receive();
    await ask(`${host.url}/hb_ping?100&appid=tetris`);
    await within(asked, "a look-up");
    let longest = 0;
    await eventually("a failure of the other one", async () => {
      const begun = performance.now();
      await ask(`${host.url}/hb_ping?60000&appid=globe`);
      longest = Math.max(longest, performance.now() - begun);
      return await metric(host, /^pulsebox_notifications_total\{[^}]*failed[^}]*\} (\d+)$/gm) > 0;
    });
    assert.ok(longest < 1_000, `${longest} ms`);
    host.process.signal("SIGTERM");
    assert.equal((await host.process.finished(END_MS_MAX)).status, 0);
  },

  "packets lost": async () => {
    await using far = await machine();
    await using way = peer(["forward", `${far.pid}`, "0.2", "0.05"]);
    assert.equal(await way.said(), "ready");
    far.connect();
    await using host = await PulseboxHost.start(ON_THE_NETWORK);
    await using caller = peer(["phone", OURS, "7561", "6"], far.pid);
    await using beating = peer(["beat", `${host.url}/hb_ping?1500&appid=far`, "6"], far.pid);
    assert.ok((await beating.status).success);
    const [, pings = "0"] = /^pings (\d+)$/.exec(await caller.said()) ?? [];
    assert.ok(Number(pings) >= 2, `${pings} pings`);
    const { stderrText } = host.process;
    assert.match(stderrText, /far @ 10\.99\.0\.2 is ok/);
    assert.doesNotMatch(stderrText, /far @ 10\.99\.0\.2 is (?:late|lost)/);
  },
};

run("ip link set lo up");
await (SCENES[scene] ?? assert.fail(`There is no scene "${scene}"`))();
// A host of a scene that failed would keep this process.
Deno.exit(0);
