/**
 * Resets and floods every TCP port of a host with all roles, and measures what honest clients feel.
 *
 *     deno run -A --unstable-net scripts/torture/ports.ts [--rate=5000] [--requests=1000] [--tls]
 *         [--only=http]
 *
 * Honest clients ask at a steady pace, each time on a new connection: at the attacked port, and for
 * heartbeats. For each port the 99th percentile is taken quiet, during resets from one address, during
 * resets from 200 addresses, and beside one peer that sends at full speed. The first row is the floor:
 * a bare port of the runtime in the same run, whose clients share the machine with the same attacks.
 * With resets comes what one costs, in microseconds of the attacked process: that is comparable on a
 * busy machine, too.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { cpuSeconds } from "../process.ts";
import { PulseboxProcess } from "../../tests/cli/pulsebox_process.ts";
import { type Victim, victimsOf } from "../../tests/faults/victims.ts";
import { temporaryDirectory } from "../../tests/store/virtual_host.ts";
import { makeCertificate } from "../../tests/support/certificate.ts";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "5000" },
    requests: { type: "string", default: "1000" },
    tls: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const requests = Number(values.requests);
/** Time between two requests in milliseconds, so that the clients themselves are no load. */
const PACE_MS = 4;

using directory = temporaryDirectory();
const { cert, key } = makeCertificate(directory.path, "tortured");
const ports = ["heartbeat", "trigger", "hev-web", "hev-query", "hev-native", "state", "console"];
await using host = new PulseboxProcess([
  ...["--all", "--hev-source=emulator"],
  ...[...ports, "state-publisher", "state-subscriber"].map((name) => `--${name}-port=0`),
  ...(values.tls
    ? [`--tls-cert=${cert}`, `--tls-key=${key}`, "--heartbeat-tls", "--state-tls"]
    : []),
]);
const [text] = await host.stderrHas(/[^]*role=console/);
const reported = [...text.matchAll(/Listening on (\S+) role=(\w+)/g)]
  .map(([, url = "", role = ""]) => ({ url, role }));
const victims = victimsOf(reported, Deno.readTextFileSync(cert))
  .filter(({ transport }) => transport === "tcp");
const [heartbeat] = victims;
if (heartbeat === undefined) throw new Error("Cannot torture: there is no heartbeat port");
const floorProcess = new Deno.Command(Deno.execPath(), {
  args: ["run", "--quiet", "--allow-net", `${import.meta.dirname}/floor.ts`],
  stdout: "piped",
}).spawn();
const floorLines = floorProcess.stdout.pipeThrough(new TextDecoderStream()).getReader();
const floorPort = Number((await floorLines.read()).value);
const [floor] = victimsOf([{ role: "heartbeat", url: `http://127.0.0.1:${floorPort}` }], "");
if (floor === undefined) throw new Error("Cannot torture: there is no floor");

await p99Of(heartbeat);
await p99Of(floor);
const tortured = victims.filter(({ name, isEntrance }) =>
  name.includes(values.only) && !isEntrance
);
for (const victim of [{ ...floor, name: "floor: a bare port of the runtime" }, ...tortured]) {
  const row = [victim.name.padEnd(34)];
  const pid = victim.port === floorPort ? floorProcess.pid : host.pid;
  const quiet = await both(victim);
  row.push(`quiet ${shown(quiet)}`);
  for (const addresses of [1, 200]) {
    const before = cpuSeconds(pid);
    const { during, report } = await beside(
      "resets",
      [victim.port, values.rate, addresses],
      victim,
    );
    const { perSecond, made } = JSON.parse(report);
    const cost = `${((cpuSeconds(pid) - before) / made * 1e6).toFixed(0)} µs each`;
    const attack = `${perSecond} resets/s from ${addresses}, ${cost}`;
    row.push(`${attack}, ${shown(during)} ${ratio(during, quiet)}`);
  }
  const words = [victim.port, victim.isListenedTo ? "x" : "GET /hb_ping?5000&appid=f HTTP/1.1"];
  const { during, report } = await beside("flood", words, victim);
  row.push(`flood of ${report} ${shown(during)} ${ratio(during, quiet)}`);
  console.log(row.join(" | "));
}
await floorLines.cancel();
floorProcess.kill();

/** Waits at a port and for heartbeats, as the 99th percentile in milliseconds. */
type Both = readonly [there: number, heartbeats: number];

async function both(victim: Victim): Promise<Both> {
  return await Promise.all([p99Of(victim), p99Of(heartbeat as Victim)]);
}

async function p99Of(victim: Victim): Promise<number> {
  const waits: number[] = [];
  for (let count = 0; count < requests; count++) {
    const started = performance.now();
    await victim.serves();
    const tookMs = performance.now() - started;
    waits.push(tookMs);
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  return waits.sort((a, b) => a - b)[Math.floor(requests * 0.99)] ?? NaN;
}

/** Measures while another program attacks. */
async function beside(program: "resets" | "flood", args: readonly unknown[], victim: Victim) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${import.meta.dirname}/${program}.ts`, ...args.map(String)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const during = await both(victim);
  await child.stdin.close();
  const { stdout } = await child.output();
  return { during, report: new TextDecoder().decode(stdout).trim() };
}

function shown([there, heartbeats]: Both): string {
  return `p99 ${there.toFixed(1)} ms, heartbeats ${heartbeats.toFixed(1)} ms`;
}

function ratio(during: Both, quiet: Both): string {
  return `(${(during[0] / quiet[0]).toFixed(2)} x, ${(during[1] / quiet[1]).toFixed(2)} x)`;
}
