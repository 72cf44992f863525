/**
 * Floods a trigger service with registrations from sources that nobody has seen before.
 *
 *     deno run --allow-all scripts/torture/trigger_flood.ts [COUNT]
 *
 * Each registration comes from an address and port of its own on loopback, and its pings go to a port
 * where nobody is, as with forged sources. The service must stay as small as its caps allow, and known
 * phones must keep their cadence. Prints one line; exit status 1 if not.
 *
 * @module
 */

import { Cadence } from "../../src/clients/trigger/cadence.ts";
import { TriggerClient } from "../../src/clients/trigger/client.ts";
import { residentBytes } from "../process.ts";
import { TriggerProcess } from "../trigger_process.ts";

const COUNT_DEFAULT = 1_000_000;
const PHONES = 50;
/** At 5000 new clients a second the cap is reached before the flood is warm. */
const CLIENTS_MAX = 20_000;
/** Part of the flood after which caps are reached and memory should stand still. */
const WARM_SHARE = 0.3;
const GROWTH_BYTES_MAX = 16 * 2 ** 20;
/** How far from a second the intervals of known phones may be. */
const OFF_P50_MS_MAX = 10;
const OFF_P99_MS_MAX = 60;

const SENDER = new URL("trigger_flood_sender.ts", import.meta.url).pathname;

/** What a flood did. */
export interface FloodReport {
  count: number;
  perSecond: number;
  warmBytes: number;
  endBytes: number;
  lost: number;
  offP50Ms: number;
  offP99Ms: number;
  /** One sentence for each thing that was wrong. */
  complaints: string[];
}

/**
 * Sends a part of the flood from a process of its own. A flood comes from other machines: the process
 * is nice, so that it takes no core from the service and the phones that it would not take there.
 */
async function flood(port: number, from: number, to: number): Promise<void> {
  const sender = [Deno.execPath(), "run", "--quiet", "--allow-all", SENDER];
  const args = ["-n", "19", ...sender, ...[port, from, to].map(String)];
  const { success } = await new Deno.Command("nice", { args, stdin: "null" }).output();
  if (!success) throw new Error("Cannot flood: the sender failed");
}

/** Floods a service that phones know. */
export async function torture(count: number): Promise<FloodReport> {
  await using service = await TriggerProcess.start([`--trigger-clients-max=${CLIENTS_MAX}`]);
  await using phones = new AsyncDisposableStack();
  const cadence = new Cadence();
  for (let index = 0; index < PHONES; index++) {
    const client = phones.use(
      new TriggerClient({ hostname: "127.0.0.1", port: service.port, leaseMs: 15_000 }),
    );
    void (async () => {
      for await (const { intervalMs } of client) {
        if (intervalMs !== undefined) cadence.observe(intervalMs);
      }
    })();
  }
  const startedAt = performance.now();
  const warmCount = Math.floor(count * WARM_SHARE);
  await flood(service.port, 0, warmCount);
  const warmBytes = residentBytes(service.pid);
  await flood(service.port, warmCount, count);
  const endBytes = residentBytes(service.pid);
  const perSecond = 1_000 * count / (performance.now() - startedAt);
  const { lost, offP50Ms, offP99Ms } = cadence.figures();
  const complaints: string[] = [];
  if (lost > 0) complaints.push(`${lost} pings of known phones were lost`);
  if (offP50Ms > OFF_P50_MS_MAX || offP99Ms > OFF_P99_MS_MAX) {
    complaints.push(`known phones were off by p50 ${offP50Ms} ms, p99 ${offP99Ms} ms`);
  }
  if (endBytes - warmBytes > GROWTH_BYTES_MAX) {
    complaints.push(`memory grew by ${endBytes - warmBytes} bytes`);
  }
  return { count, perSecond, warmBytes, endBytes, lost, offP50Ms, offP99Ms, complaints };
}

if (import.meta.main) {
  const report = await torture(Number(Deno.args[0] ?? COUNT_DEFAULT));
  console.log(JSON.stringify(report));
  if (report.complaints.length > 0) Deno.exitCode = 1;
  Deno.exit();
}
