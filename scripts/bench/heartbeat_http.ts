/**
 * Heartbeats per second over real sockets, beside what the runtime's own server and bare TCP do in
 * the same run.
 *
 * @module
 */

import type { LoadResult } from "./load.ts";
import { type Child, cpuSeconds, residentBytes, runChild, startChild } from "../process.ts";
import { median, type Row } from "./row.ts";

/** Many short ones: what disturbs the machine lasts for seconds. */
const ROUNDS = 24;
const SECONDS = 1;
/** Until then each server has the code and the memory that it will have. */
const WARM_UP_ROUNDS = 3;
const CONNECTIONS = 32;
const APPLICATIONS = 10_000;

/** Who is first gains or loses by it. */
const ORDERS = [
  ["product", "serve", "tcp"],
  ["tcp", "serve", "product"],
  ["serve", "product", "tcp"],
  ["tcp", "product", "serve"],
] as const;

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

/** A figure of the product beside that of a floor. */
interface Beside {
  value: number;
  floor: number;
  ratio: number;
}

/**
 * Measures in rounds that take turns, each in another order. Ratios are medians of the rounds'
 * ratios: what disturbs the machine for some seconds hits neighbours alike.
 */
export async function run(): Promise<Row[]> {
  await using product = await startChild(PRODUCT, /port: \[\d+\]/);
  const idleBytes = residentBytes(product.pid);
  await using serve = await startChild(["run", "--quiet", "-A", FLOOR, "serve"], /^\d+$/);
  await using tcp = await startChild(["run", "--quiet", "-A", FLOOR, "tcp"], /^\d+$/);
  const servers = { product, serve, tcp };
  const samples = {
    product: [] as Sample[],
    shuffled: [] as Sample[],
    serve: [] as Sample[],
    tcp: [] as Sample[],
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (const server of Object.values(servers)) await load(server);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ORDERS[round % ORDERS.length] ?? []) {
      samples[name].push(await load(servers[name]));
    }
    samples.shuffled.push(await load(product, "shuffled"));
  }
  const beside = (
    key: keyof Sample,
    name: "serve" | "tcp",
    order: "product" | "shuffled" = "product",
  ): Beside => ({
    value: median(samples[order].map((sample) => sample[key])),
    floor: median(samples[name].map((sample) => sample[key])),
    ratio: median(
      samples[order].map((sample, round) => sample[key] / (samples[name][round]?.[key] ?? NaN)),
    ),
  });
  const what = `${APPLICATIONS.toLocaleString("en").replace(",", " ")} applications`;
  return [
    atLeast(
      `hb_ping per second, ${what}, beside Deno.serve`,
      beside("perSecond", "serve"),
      0.9,
    ),
    {
      area: AREA,
      measure: "hb_ping per second, beside a fixed reply on bare TCP",
      unit: "1/s",
      ...beside("perSecond", "tcp"),
    },
    {
      area: AREA,
      measure: "hb_ping per second, applications in random order, beside Deno.serve",
      unit: "1/s",
      ...beside("perSecond", "serve", "shuffled"),
    },
    atMost(
      "processor time per hb_ping, beside Deno.serve",
      beside("cpuUs", "serve"),
      "us",
      1 / 0.9,
    ),
    atMost("p99 of hb_ping", beside("p99Ms", "serve"), "ms", 1.5),
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

async function load(server: Child, order: "shuffled" | "" = ""): Promise<Sample> {
  const port = /(\d+)\D*$/.exec(server.line)?.[1] ?? "";
  const before = cpuSeconds(server.pid);
  const result = await runChild<LoadResult>([
    "run",
    "--quiet",
    "-A",
    LOAD,
    port,
    String(CONNECTIONS),
    String(SECONDS),
    String(APPLICATIONS),
    order,
  ]);
  const cpu = cpuSeconds(server.pid) - before;
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    cpuUs: 1e6 * cpu / result.requests,
  };
}

function atLeast(measure: string, figures: Beside, least: number): Row {
  const goal = `>= ${least.toFixed(2)} of floor`;
  return { area: AREA, measure, unit: "1/s", ...figures, goal, pass: figures.ratio >= least };
}

function atMost(measure: string, figures: Beside, unit: string, most: number): Row {
  const goal = `<= ${most.toFixed(2)} of floor`;
  return { area: AREA, measure, unit, ...figures, goal, pass: figures.ratio <= most };
}
