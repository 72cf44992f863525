/**
 * The operator's page in a real browser: its weight, and how it does with a thousand members.
 *
 * The floor is the same browser with a page of plain rows and the runtime's own event stream.
 *
 * @module
 */

import { loadAssets } from "../../src/console/assets.ts";
import type { Browser, Page } from "../../tests/packages/playwright.ts";
import { hasChromium, launchChromium } from "../../tests/support/chromium.ts";
import { laterModules, pageWeight } from "../../tests/support/page_weight.ts";
import { runChild, startChild } from "../process.ts";
import { startConsoleHost } from "./console_host.ts";
import type { PacedResult } from "./paced_load.ts";
import { beginTo, openWatched, watchedOn } from "./page_watch.ts";
import { median, quantile, type Row } from "./row.ts";

const AREA = "page";
const MEMBERS = 1_000;
const FEW = 20;
const PAINTS = 7;
const BEATS_PER_SECOND = 1_000;
const BEATS_SECONDS = 5;
const CHANGES = 240;
const CHANGES_PER_SECOND = 20;
/** From a member that changed to the next one: all of the list has its turn. */
const STRIDE = 37;
const PAGE_KB_MAX = 60;

/** Makes a member `ok` or `starting`. */
type Change = (name: string, kind: "ok" | "starting") => Promise<void>;

/** Measures the page beside its floor. */
export async function run(): Promise<Row[]> {
  if (!hasChromium("the bench of the page", "whole")) return [];
  await using host = await startConsoleHost();
  await using floor = await startChild(
    ["run", "--quiet", "-A", "scripts/bench/page_floor.ts"],
    /^\d+$/,
  );
  const floorUrl = `http://127.0.0.1:${floor.line}/`;
  const change: Change = (name, kind) => {
    const target = kind === "ok" ? "hb_ping" : "hb_init";
    return ask(`http://127.0.0.1:${host.port}/${target}?60000&appid=${name}`);
  };
  const changeFloor: Change = (name, kind) => ask(`${floorUrl}change?name=${name}&kind=${kind}`);
  const floorPage = `${floorUrl}?members=${MEMBERS}`;
  const browser = await launchChromium();
  try {
    await beat(host.port, FEW, 1);
    const few = await measureChanges(browser, host.url, FEW, change);
    const fewBeats = await measureBeats(browser, host.url, FEW, host.port);
    await beat(host.port, MEMBERS, 2);
    const bare = await measureChanges(browser, floorPage, MEMBERS, changeFloor);
    const many = await measureChanges(browser, host.url, MEMBERS, change);
    // Those that have changed are running with their next beat.
    await beat(host.port, MEMBERS, 2);
    const manyBeats = await measureBeats(browser, host.url, MEMBERS, host.port);
    const paint = await measurePaints(browser, host.url);
    const barePaint = await measurePaints(browser, floorPage);
    const of = (what: string) => `p99 of ${what}, ${MEMBERS} members`;
    const changing = `a frame with ${CHANGES_PER_SECOND} changes/s`;
    return [
      ...await weigh(),
      atMost(
        200,
        `snapshot of ${MEMBERS} members to a full screen`,
        "ms",
        paint.first,
        barePaint.first,
      ),
      beside("the same until rows below it are filled", paint.whole, barePaint.whole),
      atMost(300, of("a change to its paint"), "ms", many.latencyMs, bare.latencyMs),
      atMostTwice(of(`${changing}, beside ${FEW} members`), "ms", many.frameMs, few.frameMs),
      atMostTwice(of(`${changing}, beside plain rows`), "ms", many.frameMs, bare.frameMs),
      atMostTwice(of("a frame with a beat each second, beside 20"), "ms", manyBeats, fewBeats),
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds from a snapshot to the first paint, and until all rows are filled. */
async function measurePaints(
  browser: Browser,
  url: string,
): Promise<{ first: number; whole: number }> {
  const first: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < PAINTS; round++) {
    const page = await openWatched(browser, url, MEMBERS);
    const { paintsMs, wholeMs } = await watchedOn(page);
    first.push(...paintsMs);
    whole.push(...wholeMs);
    await page.close();
  }
  return { first: median(first), whole: median(whole) };
}

/** p99 from an order to the paint of what it has changed, and p99 of the time between frames. */
async function measureChanges(
  browser: Browser,
  url: string,
  members: number,
  change: Change,
): Promise<{ latencyMs: number; frameMs: number }> {
  const page = await openWatched(browser, url, members);
  await settle(page);
  await beginTo(page, "watchRows");
  await beginTo(page, "watchFrames");
  const sent = new Map<string, number[]>();
  let due = performance.now();
  for (let index = 0; index < CHANGES; index++) {
    const name = `application-${index * STRIDE % members}`;
    const times = sent.get(name) ?? [];
    sent.set(name, times);
    times.push(performance.timeOrigin + performance.now());
    await change(name, times.length % 2 === 1 ? "starting" : "ok");
    due += 1_000 / CHANGES_PER_SECOND;
    await sleep(Math.max(0, due - performance.now()));
  }
  await settle(page);
  const { painted, framesMs } = await watchedOn(page);
  await page.close();
  const latencies = painted.map(({ name, at }) => at - (sent.get(name)?.shift() ?? NaN));
  if (latencies.length !== CHANGES || latencies.some(Number.isNaN)) {
    throw new Error(`Cannot measure changes: of ${CHANGES}, ${latencies.length} were painted`);
  }
  // All are as they were before.
  for (const [name, times] of sent) if (times.length % 2 === 1) await change(name, "ok");
  return { latencyMs: quantile(latencies, 0.99), frameMs: quantile(framesMs, 0.99) };
}

/** p99 of the time between frames while members beat. */
async function measureBeats(browser: Browser, url: string, members: number, port: number) {
  const page = await openWatched(browser, url, members);
  await settle(page);
  await beginTo(page, "watchFrames");
  await beat(port, members, BEATS_SECONDS);
  const { framesMs } = await watchedOn(page);
  await page.close();
  return quantile(framesMs, 0.99);
}

/** What was begun with the page is over after the first second. */
async function settle(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => setTimeout(done, 1_000))");
}

async function weigh(): Promise<Row[]> {
  const assets = await loadAssets();
  const kB = (more: readonly string[]) => pageWeight(assets, "de", more).bytes / 1_000;
  const parts = ["games.js", "instrument.js", "trigger.js"];
  const later = laterModules(assets);
  const session = kB(later.filter((name) => !parts.includes(name)));
  return [
    atMost(PAGE_KB_MAX, "the page's files, compressed, at once", "kB", kB([])),
    {
      area: AREA,
      measure: "the same with all that a session may load",
      value: session,
      unit: "kB",
    },
    { area: AREA, measure: "the same with the parts of all roles", value: kB(later), unit: "kB" },
  ];
}

function beat(port: number, members: number, seconds: number): Promise<PacedResult> {
  const numbers = [port, BEATS_PER_SECOND, seconds, members].map(String);
  return runChild<PacedResult>(["run", "--quiet", "-A", "scripts/bench/paced_load.ts", ...numbers]);
}

async function ask(url: string): Promise<void> {
  await (await fetch(url)).body?.cancel();
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function atMost(most: number, measure: string, unit: string, value: number, floor?: number): Row {
  const row: Row = { area: AREA, measure, value, unit };
  if (floor !== undefined) Object.assign(row, { floor, ratio: value / floor });
  return { ...row, goal: `<= ${most} ${unit}`, pass: value <= most };
}

function beside(measure: string, value: number, floor: number): Row {
  return { area: AREA, measure, value, unit: "ms", floor, ratio: value / floor };
}

function atMostTwice(measure: string, unit: string, value: number, floor: number): Row {
  const ratio = value / floor;
  return { area: AREA, measure, value, unit, floor, ratio, goal: "<= 2.00", pass: ratio <= 2 };
}
