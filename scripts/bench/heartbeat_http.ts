/**
 * Heartbeats per second over real sockets, beside what the runtime's own server and bare TCP do in
 * the same run.
 *
 * @module
 */

import type { LoadResult } from "./load.ts";
import { type Child, cpuSeconds, residentBytes, runChild, startChild } from "../process.ts";
import { median, type Row } from "./row.ts";

const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 32;
const APPLICATIONS = 10_000;

const AREA = "heartbeat";
const FLOOR = "scripts/bench/floor_server.ts";
const LOAD = "scripts/bench/load.ts";

const PRODUCT = [
  "run",
  "--quiet",
  "--v8-flags=--max-semi-space-size=4",
  "--allow-all",
  "main.ts",
  "--heartbeat",
  "--heartbeat-port=0",
  "--no-console",
  "--log-level=warning",
  "--heartbeat-applications-max=2000000",
  "--heartbeat-applications-per-address-max=2000000",
];

interface Sample extends LoadResult {
  perSecond: number;
  /** Processor time of the server for one request, in microseconds. */
  cpuUs: number;
}

/** Measures in rounds that take turns, so that noise hits all servers alike. */
export async function run(): Promise<Row[]> {
  await using product = await startChild(PRODUCT, /port: \[\d+\]/);
  const idleBytes = residentBytes(product.pid);
  await using serve = await startChild(["run", "--quiet", "-A", FLOOR, "serve"], /^\d+$/);
  await using tcp = await startChild(["run", "--quiet", "-A", FLOOR, "tcp"], /^\d+$/);
  const servers = { product, serve, tcp };
  const samples = { product: [] as Sample[], serve: [] as Sample[], tcp: [] as Sample[] };
  for (const server of Object.values(servers)) await load(server, 1);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ["product", "serve", "tcp"] as const) {
      samples[name].push(await load(servers[name], SECONDS));
    }
  }
  const figure = (name: keyof typeof samples, key: keyof Sample) =>
    median(samples[name].map((sample) => sample[key]));
  const what = `${APPLICATIONS.toLocaleString("en").replace(",", " ")} applications`;
  return [
    atLeast(
      `hb_ping per second, ${what}, beside Deno.serve`,
      figure("product", "perSecond"),
      figure("serve", "perSecond"),
      0.9,
    ),
    {
      area: AREA,
      measure: "hb_ping per second, beside a fixed reply on bare TCP",
      value: figure("product", "perSecond"),
      unit: "1/s",
      floor: figure("tcp", "perSecond"),
      ratio: figure("product", "perSecond") / figure("tcp", "perSecond"),
    },
    atMost(
      "processor time per hb_ping, beside Deno.serve",
      figure("product", "cpuUs"),
      "us",
      figure("serve", "cpuUs"),
      1 / 0.9,
    ),
    atMost("p99 of hb_ping", figure("product", "p99Ms"), "ms", figure("serve", "p99Ms"), 1.5),
    {
      area: AREA,
      measure: "idle memory of the role",
      value: idleBytes / 2 ** 20,
      unit: "MiB",
      goal: "< 60",
      pass: idleBytes < 60 * 2 ** 20,
    },
  ];
}

async function load(server: Child, seconds: number): Promise<Sample> {
  const port = /(\d+)\D*$/.exec(server.line)?.[1] ?? "";
  const before = cpuSeconds(server.pid);
  const result = await runChild<LoadResult>([
    "run",
    "--quiet",
    "-A",
    LOAD,
    port,
    String(CONNECTIONS),
    String(seconds),
    String(APPLICATIONS),
  ]);
  const cpu = cpuSeconds(server.pid) - before;
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    cpuUs: 1e6 * cpu / result.requests,
  };
}

function atLeast(measure: string, value: number, floor: number, least: number): Row {
  const ratio = value / floor;
  const goal = `>= ${least.toFixed(2)} of floor`;
  return { area: AREA, measure, value, unit: "1/s", floor, ratio, goal, pass: ratio >= least };
}

function atMost(measure: string, value: number, unit: string, floor: number, most: number): Row {
  const ratio = value / floor;
  const goal = `<= ${most.toFixed(2)} of floor`;
  return { area: AREA, measure, value, unit, floor, ratio, goal, pass: ratio <= most };
}
