/**
 * The operator's page of sixty members that are well: what it costs the browser, what changes and what
 * moves.
 *
 * The floor is the same browser with a page of sixty plain rows and a clock.
 *
 * @module
 */

import { beatFrom } from "../../tests/browser/stations.ts";
import type { Browser } from "../../tests/packages/playwright.ts";
import { hasChromium, launchChromium } from "../../tests/support/chromium.ts";
import { startChild } from "../process.ts";
import { startConsoleHost } from "./console_host.ts";
import { beginTo, openWatched, watchedOn } from "./page_watch.ts";
import type { Row } from "./row.ts";

const AREA = "page";
const STATIONS = 10;
const AT_EACH = 6;
const MEMBERS: number = STATIONS * AT_EACH;
const SETTLE_MS = 5_000;
const REST_MS = 40_000;
const CHANGING_MS = 90_000;
const SECOND_MS = 1_000;
/** Each member beats as often as this. */
const BEAT_MS = 5_000;

/** Measures the page at rest, then how far things move while members come and go. */
export async function run(): Promise<Row[]> {
  if (!hasChromium("the bench of the page at rest", "whole")) return [];
  const stations = Array.from(
    { length: STATIONS },
    (_, index) => `--heartbeat-stations=${addressOf(index)}=Hall ${index + 1}`,
  );
  await using host = await startConsoleHost(stations);
  await using floor = await startChild(
    ["run", "--quiet", "-A", "scripts/bench/page_floor.ts"],
    /^\d+$/,
  );
  const floorUrl = `http://127.0.0.1:${floor.line}`;
  const origin = `http://127.0.0.1:${host.port}`;
  for (let member = 0; member < MEMBERS; member++) await beat(origin, member);
  let turn = 0;
  const beats = setInterval(() => {
    beat(origin, turn++ % MEMBERS).catch(console.error);
  }, BEAT_MS / MEMBERS);
  const seconds = setInterval(() => {
    fetch(`${floorUrl}/second`).then((reply) => reply.body?.cancel()).catch(console.error);
  }, SECOND_MS);
  const own = await launchChromium();
  const bare = await launchChromium();
  try {
    const page = await openWatched(own, host.url, MEMBERS);
    const plain = await openWatched(bare, `${floorUrl}/?members=${MEMBERS}`, MEMBERS);
    await beginTo(page, "watchDocument");
    await beginTo(plain, "watchDocument");
    await sleep(SETTLE_MS);
    const before = [await useOf(own), await useOf(bare)] as const;
    const seen = [await watchedOn(page), await watchedOn(plain)] as const;
    await sleep(REST_MS);
    const after = [await useOf(own), await useOf(bare)] as const;
    const rested = [await watchedOn(page), await watchedOn(plain)] as const;
    await bare.close();
    const percent = (what: keyof Use, index: 0 | 1) =>
      100 * (after[index][what] - before[index][what]) / (REST_MS / SECOND_MS);
    const mutations = (index: 0 | 1) =>
      (rested[index].mutations - seen[index].mutations) / (REST_MS / SECOND_MS);
    await comeAndGo(origin);
    const { shift } = await watchedOn(page);
    return [
      row(`renderer at rest, ${MEMBERS} members`, "% of a core", ...both(percent, "renderer"), 1),
      row("all of the browser at rest", "% of a core", ...both(percent, "all")),
      row("changes of the document at rest", "1/s", mutations(0), mutations(1), 20),
      row(`layout shift, ${CHANGING_MS / SECOND_MS} s of changes`, "", shift, undefined, 0.02),
    ];
  } finally {
    clearInterval(beats);
    clearInterval(seconds);
    await own.close();
    await bare.close();
  }
}

/** Every fifteen seconds a member is lost; its next beat brings it back. */
async function comeAndGo(origin: string): Promise<void> {
  for (let second = 0; second < CHANGING_MS / SECOND_MS; second++) {
    if (second % 15 === 0) await beat(origin, 7 * second % MEMBERS, 1);
    await sleep(SECOND_MS);
  }
}

function beat(origin: string, member: number, promiseMs = 2 * BEAT_MS): Promise<void> {
  const address = addressOf(member % STATIONS);
  return beatFrom(address, origin, `exhibit-${Math.floor(member / STATIONS)}`, promiseMs);
}

function addressOf(station: number): string {
  return `127.0.4.${station + 1}`;
}

/** Processor time in seconds. */
interface Use {
  renderer: number;
  all: number;
}

async function useOf(browser: Browser): Promise<Use> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const use = { renderer: 0, all: 0 };
  for (const { type, cpuTime } of processInfo) {
    use.all += cpuTime;
    if (type === "renderer") use.renderer += cpuTime;
  }
  return use;
}

function both(percent: (what: keyof Use, index: 0 | 1) => number, what: keyof Use) {
  return [percent(what, 0), percent(what, 1)] as const;
}

function row(measure: string, unit: string, value: number, floor?: number, most?: number): Row {
  const made: Row = { area: AREA, measure, value, unit };
  if (floor !== undefined) Object.assign(made, { floor, ratio: value / floor });
  return most === undefined ? made : { ...made, goal: `<= ${most} ${unit}`, pass: value <= most };
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
