import { strict as assert } from "node:assert";
import {
  comparedWith,
  confirmed,
  formatRegressions,
  regressions,
} from "../../scripts/bench/against.ts";
import { BUDGETS, figureOf, goalOf, isMet, rowOf } from "../../scripts/bench/budgets.ts";
import { Crowd } from "../../scripts/bench/peers/crowd.ts";
import { bare, padded, TOPIC, zmtp, zws } from "../../scripts/bench/peers/dialect.ts";
import { closedLoop, openLoop, warmUp } from "../../scripts/bench/peers/fan_out.ts";
import { connected } from "../../scripts/bench/peers/fan_out_contender.ts";
import { startScript, startStateRole } from "../../scripts/bench/peers/servers.ts";
import { slope } from "../../scripts/bench/peers/growth.ts";
import { LatencyHistogram } from "../../scripts/bench/peers/latency_histogram.ts";
import { PIECES } from "../../scripts/bench/pieces.ts";
import { formatReport, readReport, type ReportRow } from "../../scripts/bench/report.ts";
import { quantile, type Row } from "../../scripts/bench/row.ts";
import { REPORT } from "../../scripts/docs/performance.ts";

const ROOT = new URL("../../", import.meta.url);

/** A template that begins with fewer characters could be anything. */
const HEAD_LENGTH_MIN = 6;

const row = (measure: string, ratio: number, rest: Partial<Row> = {}): Row => ({
  area: "made up",
  measure,
  value: 100 * ratio,
  unit: "/s",
  floor: 100,
  ratio,
  ...rest,
});

Deno.test("regressions finds ratios that are more than 15 % worse, in either direction", () => {
  const less = { unit: "ms", goal: "<= 5 ms" };
  const before = [row("rate", 1), row("time", 1, less)];
  assert.deepEqual(regressions([row("rate", 0.86), row("time", 1.14, less)], before), []);
  assert.deepEqual(regressions([row("rate", 2), row("time", 0.5, less)], before), []);
  const found = regressions([row("rate", 0.84), row("time", 1.16, less)], before);
  assert.deepEqual(found.map(({ measure, before, now }) => [measure, before, now]), [
    ["rate", 1, 0.84],
    ["time", 1, 1.16],
  ]);
});

Deno.test("regressions compares with each peer by its name", () => {
  const peer = (ratio: number) => ({ peers: [{ name: "libzmq", value: 1, ratio }] });
  const before = [row("rate", 1, peer(2))];
  const [found, ...others] = regressions([row("rate", 1, peer(1.6))], before);
  assert.equal(found?.beside, "libzmq");
  assert.deepEqual(others, []);
});

Deno.test("regressions leaves out what only one run has, what has no ratio, and what is unsteady", () => {
  const alone: Row = { area: "made up", measure: "alone", value: 1, unit: "ms" };
  const before = [
    row("gone", 1),
    row("tail", 1, { isUnsteady: true }),
    row("peerless", 1, { peers: [{ name: "libzmq", value: 1, ratio: 1 }] }),
    alone,
  ];
  const now = [
    row("new", 0.1),
    row("tail", 0.1, { isUnsteady: true }),
    row("peerless", 1),
    { ...alone, value: 9 },
  ];
  assert.deepEqual(regressions(now, before), []);
});

Deno.test("a regression counts if it is there in both runs", () => {
  const before = [row("once", 1), row("twice", 1)];
  const first = regressions([row("once", 0.5), row("twice", 0.5)], before);
  const second = regressions([row("once", 1), row("twice", 0.6)], before);
  assert.deepEqual(confirmed(first, second).map(({ measure }) => measure), ["twice"]);
});

Deno.test("comparedWith measures once more what is worse than in a file, and tells what still is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pulsebox-bench-" });
  try {
    const path = `${folder}/earlier.json`;
    const machine = { processor: "", cores: 1, memoryGb: 1, kernel: "", versions: {} };
    const of = (piece: string, measure: string, ratio: number): ReportRow => ({
      piece,
      ...row(measure, ratio),
    });
    const rows = [of("zmq", "rate", 1), of("hev", "packets", 1), of("page", "paint", 1)];
    await Deno.writeTextFile(path, formatReport({ date: "2026-01-01", machine, rows }));
    const now = [of("zmq", "rate", 0.5), of("hev", "packets", 0.5), of("page", "paint", 1)];
    const again: string[] = [];
    const worse = await comparedWith(path, now, (pieces) => {
      again.push(...pieces);
      return Promise.resolve([of("zmq", "rate", 0.4), of("hev", "packets", 1)]);
    });
    assert.deepEqual(again, ["zmq", "hev"]);
    assert.equal(formatRegressions(worse), "made up: rate: 0.40 of the floor, was 1.00");
    assert.deepEqual(await comparedWith(path, rows, () => Promise.reject(new Error("no"))), []);
    await assert.rejects(comparedWith(`${folder}/none.json`, rows, () => Promise.resolve([])));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("each budget has a row in the bench: its piece writes a measure that begins so", () => {
  const lost = BUDGETS.filter(({ piece, measure }) => {
    const source = Deno.readTextFileSync(new URL(`scripts/bench/${piece}.ts`, ROOT));
    // Up to where a template puts something in.
    const heads = [...source.matchAll(/(["`])((?:(?!\1|\$\{).)+)(\1|\$\{)/g)].map(
      ([, , head = "", end]) => ({ head, isWhole: end !== "${" }),
    );
    return !heads.some(({ head, isWhole }) =>
      head.startsWith(measure) ||
      (!isWhole && head.length >= HEAD_LENGTH_MIN && measure.startsWith(head))
    );
  });
  assert.deepEqual(lost.map(({ part, what }) => `${part}: ${what}`), []);
});

Deno.test("the last release's report has what budgets ask of the pieces that it has", () => {
  const rows = readReport(new URL(REPORT, ROOT))?.rows ?? [];
  assert(rows.length > 0, "there is a report");
  assert.deepEqual(rows.filter(({ piece }) => !PIECES.includes(piece)), []);
  const measured = BUDGETS.filter(({ piece }) => rows.some((row) => row.piece === piece));
  assert(measured.length > 0, "there are budgets");
  const without = measured.filter((budget) => {
    const found = rowOf(budget, rows);
    return found === undefined || isMet(budget, found) === undefined;
  });
  assert.deepEqual(without.map(({ part, what }) => `${part}: ${what}`), []);
});

Deno.test("every piece of the bench is a file, and every budget names a piece", () => {
  for (const piece of PIECES) {
    assert(Deno.statSync(new URL(`scripts/bench/${piece}.ts`, ROOT)).isFile, piece);
  }
  assert.deepEqual(BUDGETS.filter(({ piece }) => !PIECES.includes(piece)), []);
  const unbounded = BUDGETS.filter(({ most, least }) =>
    (most === undefined) === (least === undefined)
  );
  assert.deepEqual(unbounded, []);
});

Deno.test("isMet judges value, ratio, excess and peer", () => {
  const budget = { part: "", what: "", piece: "", measure: "" };
  const made: ReportRow = {
    piece: "",
    ...row("rate", 3),
    peers: [{ name: "libzmq", value: 400, ratio: 0.75 }],
  };
  const figures = (["value", "floor", "excess", { peer: "libzmq" }] as const)
    .map((of) => figureOf({ ...budget, of, most: 1 }, made));
  assert.deepEqual(figures, [300, 3, 200, 0.75]);
  assert.equal(isMet({ ...budget, of: { peer: "libzmq" }, least: 0.75 }, made), true);
  assert.equal(isMet({ ...budget, of: { peer: "libzmq" }, least: 0.8 }, made), false);
  assert.equal(isMet({ ...budget, of: { peer: "nobody" }, least: 0.8 }, made), undefined);
  assert.equal(isMet({ ...budget, of: "excess", most: 200 }, made), true);
  assert.equal(isMet({ ...budget, of: "excess", most: 199 }, made), false);
  assert.equal(goalOf({ ...budget, of: "excess", most: 120 }, "ms"), "≤ 120 ms over the floor");
});

Deno.test("LatencyHistogram tells quantiles within one percent", () => {
  const histogram = new LatencyHistogram();
  assert.equal(histogram.quantile(0.5), NaN);
  for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms);
  histogram.add(50_000, 1);
  for (const [share, ms] of [[0.5, 500], [0.99, 990], [0.9999, 50_000]] as const) {
    const found = histogram.quantile(share);
    assert(found >= ms * 0.99 && found <= ms * 1.03, `${share}: ${found} ms instead of ${ms}`);
  }
  assert.equal(histogram.count, 1_001);
});

Deno.test("slope is the exponent of a power", () => {
  const power = (exponent: number) => [10, 100, 1_000].map((x) => [x, 7 * x ** exponent] as const);
  for (const exponent of [0, 0.5, 1, 2]) {
    assert(Math.abs(slope(power(exponent)) - exponent) < 1e-9, `${exponent}`);
  }
  assert.equal(slope([[10, 1]]), NaN);
});

const DIALECTS = [zmtp([padded(TOPIC, 100)]), zws([padded(TOPIC, 100)])];
const LOADS = [
  ...DIALECTS.map((dialect) => ({ name: `the state role over ${dialect.name}`, dialect })),
  { name: "the bare relay", dialect: bare(DIALECTS[1] ?? zmtp([])) },
];

for (const { name, dialect } of LOADS) {
  Deno.test(`the load of the bench counts every delivery of ${name}`, async () => {
    const isBare = dialect.name === "bare";
    await using server = await (isBare ? startScript("bare_relay.ts") : startStateRole());
    await using crowd = await Crowd.connect(
      server.ports[isBare ? "tcp" : dialect.name] ?? 0,
      3,
      dialect,
    );
    await using source = await connected(dialect)(server);
    await warmUp(source, crowd);
    const { count } = await closedLoop(source, crowd, 0.02);
    assert(count > 0);
    assert.equal(crowd.delivered, 3 * count);
    assert.equal(crowd.slowest, count);
    const histogram = await openLoop(source, crowd, { perSecond: 100, seconds: 0.05 });
    assert.equal(histogram.count, 3 * 5);
  });
}

Deno.test("bench: a quantile is a figure that the share of all does not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.deepEqual([0, 0.5, 0.99, 1].map((share) => quantile(hundred, share)), [1, 50, 99, 100]);
  assert.equal(quantile([7], 0.99), 7);
  assert.equal(quantile([], 0.5), NaN);
});
