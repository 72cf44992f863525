/**
 * Lets phones register every five seconds for an hour, and looks for growth and lost ticks.
 *
 *     deno run --allow-all scripts/soak/trigger.ts [MINUTES] [CLIENTS]
 *
 * Prints one line a minute and one at the end; exit status 1 if memory grew or a ping was lost.
 *
 * @module
 */

import { Cadence } from "../../src/clients/trigger/cadence.ts";
import { TriggerClient } from "../../src/clients/trigger/client.ts";
import { cpuSeconds, residentBytes } from "../process.ts";
import { TriggerProcess } from "../trigger_process.ts";

const MINUTES_DEFAULT = 60;
const CLIENTS_DEFAULT = 2_000;
/** Phones register every five seconds: three times in this lease. */
const LEASE_MS = 15_000;
const MINUTE_MS = 60_000;
/** Time after which memory should have reached its size, as a share of the whole. */
const WARM_SHARE = 0.25;
const GROWTH_BYTES_MAX = 8 * 2 ** 20;

/** What a soak found. */
export interface SoakReport {
  minutes: number;
  clients: number;
  pings: number;
  lost: number;
  offP99Ms: number;
  offMaxMs: number;
  /** Resident memory when it was warm and at the end. */
  warmBytes: number;
  endBytes: number;
  cpuPercent: number;
  /** One sentence for each thing that was wrong. */
  complaints: string[];
}

/** Runs the service and its phones. */
export async function soak(
  minutes: number,
  clients: number,
  onMinute: (line: string) => void = () => {},
): Promise<SoakReport> {
  await using service = await TriggerProcess.start();
  await using phones = new AsyncDisposableStack();
  const cadence = new Cadence();
  const crowd: TriggerClient[] = [];
  for (let index = 0; index < clients; index++) {
    const client = new TriggerClient({
      hostname: "127.0.0.1",
      port: service.port,
      leaseMs: LEASE_MS,
    });
    crowd.push(phones.use(client));
    void observe(client, cadence);
    if (index % 50 === 0) await sleep(20);
  }
  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(service.pid);
  const totalMs = minutes * MINUTE_MS;
  await sleep(totalMs * WARM_SHARE);
  const warmBytes = residentBytes(service.pid);
  for (;;) {
    const leftMs = startedAt + totalMs - performance.now();
    if (leftMs <= 0) break;
    await sleep(Math.min(leftMs, MINUTE_MS));
    const { lost, offP99Ms } = cadence.figures();
    const megabytes = (residentBytes(service.pid) / 2 ** 20).toFixed(1);
    onMinute(`${megabytes} MiB, off by p99 ${offP99Ms.toFixed(1)} ms, ${lost} lost`);
  }
  const endBytes = residentBytes(service.pid);
  const elapsedMs = performance.now() - startedAt;
  const { lost, offP99Ms, offMaxMs } = cadence.figures();
  const pings = crowd.reduce((sum, client) => sum + client.pings, 0);
  const complaints: string[] = [];
  if (lost > 0) complaints.push(`${lost} pings were lost`);
  if (endBytes - warmBytes > GROWTH_BYTES_MAX) {
    complaints.push(`memory grew by ${endBytes - warmBytes} bytes`);
  }
  const silent = crowd.filter((client) => client.pings < elapsedMs / 1_000 - 2).length;
  if (silent > 0) complaints.push(`${silent} phones had fewer pings than seconds`);
  return {
    minutes,
    clients,
    pings,
    lost,
    offP99Ms,
    offMaxMs,
    warmBytes,
    endBytes,
    cpuPercent: 1e5 * (cpuSeconds(service.pid) - cpuBefore) / elapsedMs,
    complaints,
  };
}

async function observe(client: TriggerClient, cadence: Cadence): Promise<void> {
  for await (const { intervalMs } of client) {
    if (intervalMs !== undefined) cadence.observe(intervalMs);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const [minutes = MINUTES_DEFAULT, clients = CLIENTS_DEFAULT] = Deno.args.map(Number);
  const report = await soak(minutes, clients, (line) => console.error(line));
  console.log(JSON.stringify(report));
  if (report.complaints.length > 0) Deno.exitCode = 1;
  Deno.exit();
}
