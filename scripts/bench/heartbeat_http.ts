/**
 * Heartbeats per second over real sockets, beside what the runtime's own server and bare TCP do in
 * the same run.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import type { LoadResult } from "./load.ts";
import { type Child, cpuSeconds, runChild, startChild } from "../process.ts";
import { median, type Row } from "./row.ts";

/** Many short ones: what disturbs the machine lasts for seconds. */
const ROUNDS = 24;
const SECONDS = 1;
/** Until then each server has the code and the memory that it will have. */
const WARM_UP_ROUNDS = 3;
const CONNECTIONS = 32;

/** Goals, each as a ratio to Deno.serve. */
const RATE_RATIO_MIN = 0.85;
const CPU_RATIO_MAX = 1.2;
const P99_RATIO_MAX = 1.5;
const APPLICATIONS = 10_000;

const AREA = "heartbeat";
const FLOOR = "scripts/bench/floor_server.ts";
const LOAD = "scripts/bench/load.ts";

const READY = /port: \[\d+\]/;
const PRODUCT = [
  "run",
  "--quiet",
  ENGINE_FLAGS,
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

type Samples = Readonly<Record<string, readonly Sample[]>>;

/** A figure of the product beside that of a floor. */
interface Beside {
  value: number;
  floor: number;
  ratio: number;
}

export async function run(): Promise<Row[]> {
  // A first start leaves the memory of the compiler behind.
  await (await startChild(PRODUCT, READY))[Symbol.asyncDispose]();
  await using product = await startChild(PRODUCT, READY);
  await using serve = await startChild(["run", "--quiet", "-A", FLOOR, "serve"], /^\d+$/);
  await using tcp = await startChild(["run", "--quiet", "-A", FLOOR, "tcp"], /^\d+$/);
  await measure({ product, serve, tcp }, WARM_UP_ROUNDS);
  const samples = await measure({ product, serve, tcp }, ROUNDS);
  const what = `${APPLICATIONS.toLocaleString("en").replace(",", " ")} applications`;
  return [
    atLeast(
      `hb_ping per second, ${what} in random order, beside Deno.serve`,
      beside(samples, "perSecond", "serve"),
      RATE_RATIO_MIN,
    ),
    {
      area: AREA,
      measure: "hb_ping per second, beside a fixed reply on bare TCP",
      unit: "1/s",
      ...beside(samples, "perSecond", "tcp"),
    },
    atMost(
      "processor time per hb_ping, beside Deno.serve",
      beside(samples, "cpuUs", "serve"),
      "us",
      CPU_RATIO_MAX,
    ),
    atMost("p99 of hb_ping", beside(samples, "p99Ms", "serve"), "ms", P99_RATIO_MAX),
  ];
}

/**
 * Loads servers in rounds, each round in another order: who comes first gains or loses by it.
 *
 * @return The samples of each server, by its name; those of one round have the same index.
 */
async function measure(
  servers: Readonly<Record<string, Child>>,
  rounds: number,
): Promise<Samples> {
  const samples: Record<string, Sample[]> = {};
  const names = Object.keys(servers);
  for (let round = 0; round < rounds; round++) {
    const first = round % names.length;
    const turn = [...names.slice(first), ...names.slice(0, first)];
    if (round % 2 === 1) turn.reverse();
    for (const name of turn) {
      (samples[name] ??= []).push(await load(servers[name] as Child));
    }
  }
  return samples;
}

/**
 * The product's figure beside that of a floor. The ratio is the median of the rounds' ratios: what
 * disturbs the machine for some seconds hits neighbours alike.
 */
function beside(samples: Samples, key: keyof Sample, floor: "serve" | "tcp"): Beside {
  const values = (samples["product"] ?? []).map((sample) => sample[key]);
  const floors = (samples[floor] ?? []).map((sample) => sample[key]);
  return {
    value: median(values),
    floor: median(floors),
    ratio: median(values.map((value, round) => value / (floors[round] ?? NaN))),
  };
}

async function load(server: Child): Promise<Sample> {
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
