/**
 * Measures several servers in turns and makes rows of what it finds: the product's figure, that of the
 * floor, and those of the peers, all of one run.
 *
 * @module
 */

import { cpuSeconds, residentBytes } from "../../process.ts";
import { median, type Row } from "../row.ts";
import type { LatencyHistogram } from "./latency_histogram.ts";
import type { Server } from "./servers.ts";

/** What one turn of one server gave. */
export interface Sample {
  /** As fast as the server goes. */
  readonly perSecond: number;
  /** Processor time of the server for each of them, in microseconds. */
  readonly cpuUs: number;
  /** Percent of a core that the load itself took meanwhile: near 100, it is the load that is measured. */
  readonly loadPercent: number;
  /** From the moment when a thing was due to its end, at a fixed rate, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Processor time of the server for each thing at the fixed rate, in microseconds. */
  readonly pacedCpuUs: number;
  /** Resident memory of the server at the end of the turn, in megabytes. */
  readonly memoryMb: number;
}

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  readonly kind: "product" | "peer" | "floor";
  /** Starts it; undefined if this machine does not have it. */
  start(): Promise<Server | undefined>;
  /** Measures it once. */
  measure(server: Server): Promise<Sample>;
  /** The most clients that it is measured with; any number if not given. */
  readonly clientsMax?: number;
  /** Measures it once with another number of clients. */
  grow(server: Server, clients: number): Promise<Size>;
}

/** What so many clients cost. */
export interface Size {
  /** Processor time of the server for each publication or request, in microseconds. */
  readonly cpuUs: number;
  /** What the clients added to the server's memory, in megabytes. */
  readonly memoryMb: number;
}

/** What is asked of the product, as a ratio to one of the others. */
export interface Goal {
  readonly metric: keyof Sample;
  readonly beside: string;
  readonly least: number;
}

/** What is compared, in words. */
export interface Contest {
  readonly area: string;
  /** For instance `publications to 100 subscribers over ws`. */
  readonly what: string;
  /** One of the things that are counted, for instance `delivery`. */
  readonly thing: string;
  /** The fixed rate in words, for instance `200 publications a second`. */
  readonly pace: string;
  readonly contenders: readonly Contender[];
  readonly goal?: Goal;
}

/** Many short turns: what disturbs the machine lasts for seconds. */
const ROUNDS = 5;
const WARM_UP_ROUNDS = 1;

const METRICS: readonly {
  readonly key: keyof Sample;
  readonly unit: string;
  readonly words: (contest: Contest) => string;
  readonly better?: "more" | "less";
  readonly isTail?: boolean;
}[] = [
  { key: "perSecond", unit: "/s", words: ({ what }) => `${what}`, better: "more" },
  {
    key: "cpuUs",
    unit: "us",
    words: ({ what, thing }) => `${what}: processor time per ${thing}`,
    better: "less",
  },
  { key: "p50Ms", unit: "ms", words: (c) => `${c.what}: p50 at ${c.pace}`, better: "less" },
  { key: "p99Ms", unit: "ms", words: (c) => `${c.what}: p99 at ${c.pace}`, isTail: true },
  { key: "p999Ms", unit: "ms", words: (c) => `${c.what}: p99.9 at ${c.pace}`, isTail: true },
  {
    key: "pacedCpuUs",
    unit: "us",
    words: (c) => `${c.what}: processor time per ${c.thing} at ${c.pace}`,
    better: "less",
  },
  { key: "memoryMb", unit: "MB", words: ({ what }) => `${what}: memory`, better: "less" },
  { key: "loadPercent", unit: "%", words: ({ what }) => `${what}: a core's share of the load` },
];

/** Measures all that are there, in turns; each round begins with another one. */
export async function hold(contest: Contest): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const running: { readonly contender: Contender; readonly server: Server }[] = [];
  for (const contender of contest.contenders) {
    const server = await contender.start();
    if (server !== undefined) running.push({ contender, server: stack.use(server) });
  }
  const samples = new Map<string, Sample[]>(running.map(({ contender }) => [contender.name, []]));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const first = round % running.length;
    for (const { contender, server } of [...running.slice(first), ...running.slice(0, first)]) {
      const sample = await contender.measure(server);
      if (round >= WARM_UP_ROUNDS) samples.get(contender.name)?.push(sample);
    }
  }
  return rowsOf(contest, samples);
}

/**
 * The rows of a contest. Ratios are medians of the rounds' ratios: what disturbs the machine for some
 * seconds hits neighbours alike.
 */
export function rowsOf(
  contest: Contest,
  samples: ReadonlyMap<string, readonly Sample[]>,
): Row[] {
  const { area, contenders, goal } = contest;
  const product = contenders.find(({ kind }) => kind === "product")?.name ?? "";
  return METRICS.map(({ key, unit, words, better, isTail }) => {
    const of = (name: string) => (samples.get(name) ?? []).map((sample) => sample[key]);
    const ratioTo = (name: string) =>
      median(of(product).map((value, round) => value / (of(name)[round] ?? NaN)));
    const floor = contenders.find(({ kind }) => kind === "floor")?.name;
    const peers = contenders.filter(({ name, kind }) => kind === "peer" && samples.has(name));
    const row: Row = {
      area,
      measure: words(contest),
      value: median(of(product)),
      unit,
      ...(floor === undefined
        ? {}
        : { floor: median(of(floor)), ratio: ratioTo(floor), floorName: floor }),
      ...(peers.length === 0 ? {} : {
        peers: peers.map(({ name }) => ({ name, value: median(of(name)), ratio: ratioTo(name) })),
      }),
      ...(better === undefined ? {} : { better }),
      ...(isTail === true || better === undefined ? { isUnsteady: true } : {}),
    };
    return goal?.metric === key ? judged(row, goal) : row;
  });
}

function judged(row: Row, { beside, least }: Goal): Row {
  const ratio = beside === row.floorName
    ? row.ratio
    : row.peers?.find(({ name }) => name === beside)?.ratio;
  if (ratio === undefined) return row;
  return { ...row, goal: `>= ${least.toFixed(2)} of ${beside}`, pass: ratio >= least };
}

/** What happened, and what a server and this program used meanwhile. */
export interface Use<T> {
  readonly result: T;
  /** Processor time of the server. */
  readonly cpuSeconds: number;
  /** Percent of a core that this program took. */
  readonly loadPercent: number;
}

/** What a server and this program use while something happens. */
export async function used<T>(server: Server, act: () => Promise<T>): Promise<Use<T>> {
  const before = { server: cpuSeconds(server.pid), load: cpuSeconds(Deno.pid) };
  const startedAt = performance.now();
  const result = await act();
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    result,
    cpuSeconds: cpuSeconds(server.pid) - before.server,
    loadPercent: 100 * (cpuSeconds(Deno.pid) - before.load) / seconds,
  };
}

/** What a closed loop found. */
export interface Throughput {
  /** Publications that have reached every subscriber, or requests that were answered. */
  readonly count: number;
  readonly seconds: number;
}

/**
 * The sample of a turn.
 *
 * @param closed As fast as the server goes.
 * @param open At a fixed rate.
 * @param thingsEach Things in each that the closed loop counts: deliveries of one publication.
 */
export function sampleOf(
  server: Server,
  closed: Use<Throughput>,
  open: Use<LatencyHistogram>,
  thingsEach = 1,
): Sample {
  const { count, seconds } = closed.result;
  return {
    perSecond: count / seconds,
    cpuUs: 1e6 * closed.cpuSeconds / (count * thingsEach),
    loadPercent: closed.loadPercent,
    p50Ms: open.result.quantile(0.5),
    p99Ms: open.result.quantile(0.99),
    p999Ms: open.result.quantile(0.999),
    pacedCpuUs: 1e6 * open.cpuSeconds / open.result.count,
    memoryMb: memoryMb(server),
  };
}

/** Resident memory of a server in megabytes. */
export function memoryMb({ pid }: Server): number {
  return residentBytes(pid) / 1e6;
}
