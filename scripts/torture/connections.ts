/**
 * Tortures an HTTP server with peers that are silent, half sent and never read, and measures what an
 * honest client feels of it.
 *
 *     deno run -A --unstable-net scripts/torture/connections.ts [HOST:PORT] [--silent=5000]
 *         [--half-head=5000] [--never-reads=1000] [--requests=2000] [--gone-within-ms=30000]
 *     deno run -A --unstable-net scripts/torture/connections.ts --tls [--silent=5000]
 *         [--half-hello=5000] [--hello=1000] [--requests=2000] [--gone-within-ms=30000]
 *
 * With `--tls`, peers that send half a hello or stop after a whole one take the place of those that
 * send half a head or never read.
 * Without an address it starts a server of its own and measures its memory too. Needs two descriptors
 * for each connection of its own server: `ulimit -n 20000`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { HostileCrowd, type Victim } from "./hostile_peers.ts";
import { measureWaits } from "./honest_client.ts";
import { temporaryDirectory } from "../../tests/store/virtual_host.ts";
import { makeCertificate } from "../../tests/support/certificate.ts";
import { VictimProcess } from "./victim_process.ts";

const PLAIN_HOSTILITIES = ["silent", "half-head", "never-reads"] as const;
const TLS_HOSTILITIES = ["silent", "half-hello", "hello"] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "silent": { type: "string", default: "5000" },
    "half-head": { type: "string", default: "5000" },
    "never-reads": { type: "string", default: "1000" },
    "half-hello": { type: "string", default: "5000" },
    "hello": { type: "string", default: "1000" },
    "tls": { type: "boolean", default: false },
    "requests": { type: "string", default: "2000" },
    "gone-within-ms": { type: "string", default: "30000" },
  },
});

if (values.tls && positionals[0] !== undefined) {
  throw new Error("Cannot torture a server at an address with TLS: its certificate is not known");
}
using directory = temporaryDirectory();
const tls = values.tls ? makeCertificate(directory.path, "tortured") : undefined;
const hostilities = values.tls ? TLS_HOSTILITIES : PLAIN_HOSTILITIES;
await using own = positionals[0] === undefined
  ? await VictimProcess.start(tls === undefined ? {} : { tls })
  : undefined;
const victim = {
  ...own?.victim ?? parseAddress(positionals[0] as string),
  ...(tls === undefined ? {} : { caCerts: [Deno.readTextFileSync(tls.cert)] }),
};
const requests = Number(values.requests);

await measureWaits(victim, Math.min(requests, 500));
const before = { waits: await measureWaits(victim, requests), state: await own?.state() };
using crowd = new HostileCrowd();
const started = performance.now();
for (const hostility of hostilities) {
  await crowd.add({ count: Number(values[hostility]), hostility }, victim);
}
const connectedMs = performance.now() - started;
const openAtStart = crowd.open;
const during = { waits: await measureWaits(victim, requests), state: await own?.state() };
const openAtEnd = crowd.open;
const allGone = await crowd.ended(
  Math.max(Number(values["gone-within-ms"]) - (performance.now() - started), 1),
);
const goneMs = performance.now() - started;
const after = { waits: await measureWaits(victim, requests), state: await own?.state() };

const growth = (during.state?.rss ?? 0) - (before.state?.rss ?? 0);
console.log(JSON.stringify(
  {
    hostile: { made: crowd.made, failed: crowd.failed, connectedMs, openAtStart, openAtEnd },
    before,
    during,
    after,
    p99Ratio: during.waits.p99Ms / before.waits.p99Ms,
    memoryGrowthBytes: own === undefined ? undefined : growth,
    gone: { all: allGone, afterMs: goneMs, left: crowd.open },
  },
  undefined,
  2,
));

function parseAddress(text: string): Victim {
  const { hostname, port } = new URL(`http://${text}`);
  return { hostname, port: Number(port) };
}
