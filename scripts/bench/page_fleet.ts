/**
 * The page of a fleet in a real browser: how it does with three hundred hosts.
 *
 * The floor of the paint is the same browser with a page of as many plain rows.
 *
 * @module
 */

import { makeStream } from "../../src/net/nats/streams.ts";
import { fleetStreams } from "../../src/roles/fleet/memory.ts";
import type { Browser } from "../../tests/packages/playwright.ts";
import { hasChromium, launchChromium } from "../../tests/support/chromium.ts";
import { NATS_SERVER, NatsServer } from "../../tests/support/nats_server.ts";
import { startChild } from "../process.ts";
import { startConsoleHost } from "./console_host.ts";
import { BeatingHosts, connect, HOSTS } from "./fleet_load.ts";
import { beginTo, openWatched, watchedOn } from "./page_watch.ts";
import { median, quantile, type Row } from "./row.ts";

const AREA = "page";
const FLEET = "museum";
const FEW = 20;
const PAINTS = 7;
const CHANGES_PER_SECOND = 20;
const CHANGING_MS = 8_000;
/** From a host that changed to the next one: all of the fleet has its turn. */
const STRIDE = 37;

/** Measures with a broker of its own; nothing where none is installed. */
export async function run(): Promise<Row[]> {
  if (!hasChromium("the bench of a fleet's page", "whole")) return [];
  if (!NATS_SERVER.available) {
    console.error(`The fleet needs a broker: get it with ${NATS_SERVER.howToGet}`);
    return [];
  }
  const folder = await Deno.makeTempDir();
  const browser = await launchChromium();
  try {
    await using broker = await NatsServer.start({ folder });
    await using link = await connect(broker.port, "hosts");
    for (const plan of fleetStreams(FLEET, 1)) await makeStream(link, plan);
    await using desk = await startConsoleHost([
      `--fleet=${broker.url}`,
      "--fleet-host=desk",
      "--fleet-view",
    ]);
    await using floor = await startChild(
      ["run", "--quiet", "-A", "scripts/bench/page_floor.ts"],
      /^\d+$/,
    );
    const url = `${desk.url}fleet`;
    using few = await BeatingHosts.start(link, FLEET, FEW);
    const fewMs = await measureFrames(browser, url, few);
    few[Symbol.dispose]();
    using all = await BeatingHosts.start(link, FLEET, HOSTS);
    const allMs = await measureFrames(browser, url, all);
    const paint = await measurePaint(browser, url, HOSTS + 1, ".host");
    const bare = await measurePaint(
      browser,
      `http://127.0.0.1:${floor.line}/?members=${HOSTS}`,
      HOSTS,
      ".row",
    );
    return [
      {
        ...row(`snapshot of a fleet of ${HOSTS} hosts to its paint`, paint, bare),
        goal: "<= 200 ms",
        pass: paint <= 200,
      },
      {
        ...row(`p99 of a frame, ${CHANGES_PER_SECOND} hosts change/s, beside ${FEW}`, allMs, fewMs),
        goal: "<= 2.00",
        pass: allMs <= 2 * fewMs,
      },
    ];
  } finally {
    await browser.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Milliseconds from a snapshot to its paint. */
async function measurePaint(
  browser: Browser,
  url: string,
  count: number,
  part: ".row" | ".host",
): Promise<number> {
  const paints: number[] = [];
  for (let round = 0; round < PAINTS; round++) {
    const page = await openWatched(browser, url, count, part);
    paints.push(...(await watchedOn(page)).paintsMs);
    await page.close();
  }
  return median(paints);
}

/** p99 of the time between frames while hosts lose members and find them again. */
async function measureFrames(browser: Browser, url: string, hosts: BeatingHosts): Promise<number> {
  // The console is a host of the fleet too.
  const page = await openWatched(browser, url, hosts.count + 1, ".host");
  await beginTo(page, "watchFrames");
  let index = 0;
  const changes = setInterval(
    () => hosts.beat(index++ * STRIDE % hosts.count, 1),
    1_000 / CHANGES_PER_SECOND,
  );
  await new Promise((done) => setTimeout(done, CHANGING_MS));
  clearInterval(changes);
  const { framesMs } = await watchedOn(page);
  await page.close();
  return quantile(framesMs, 0.99);
}

function row(measure: string, value: number, floor: number): Row {
  return { area: AREA, measure, value, unit: "ms", floor, ratio: value / floor };
}
