/**
 * The operator's page with many members, and what its listeners cost those who beat.
 *
 * @module
 */

import type { Page } from "../../tests/packages/playwright.ts";
import { launchChromium } from "../../tests/support/chromium.ts";
import { type Child, runChild, startChild } from "../process.ts";
import type { PacedResult } from "./paced_load.ts";
import { median, type Row } from "./row.ts";

const AREA = "console";
const MEMBERS = 1_000;
const FEW = 20;
const PAINTS = 11;
const CHANGES = 200;
const FRAMES_MS = 5_000;

const STREAMS = 100;
const PER_SECOND = 1_000;
const ROUNDS = 5;
const SECONDS = 5;

const HOST = [
  "run",
  "--quiet",
  "--v8-flags=--max-semi-space-size=4",
  "-A",
  "main.ts",
  "--heartbeat",
  "--heartbeat-port=0",
  "--log-level=warning",
];

/** Notes when a snapshot arrives, and when the frame that shows it is painted. */
const WATCH_PAINT = `
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, listener, options) {
    if (name !== "snapshot") return listen.call(this, name, listener, options);
    return listen.call(this, name, (event) => {
      const arrived = performance.now();
      listener(event);
      requestAnimationFrame(() => requestAnimationFrame(() => {
        globalThis.paintedMs = performance.now() - arrived;
      }));
    }, options);
  };
`;

/** Measures the page, then the price of listening. */
export async function run(): Promise<Row[]> {
  const consolePort = freePort();
  await using host = await startHost(consolePort);
  const port = Number(/port: \[(\d+)\]/.exec(host.line)?.[1]);
  return [
    ...await measurePage(`http://127.0.0.1:${consolePort}/`, port),
    await measureListening(consolePort, port),
  ];
}

async function measurePage(url: string, port: number): Promise<Row[]> {
  const browser = await launchChromium();
  try {
    // Measuring needs scripts that the page would not allow.
    const page = await browser.newPage({
      viewport: { width: 1_280, height: 900 },
      bypassCSP: true,
    });
    await page.addInitScript(WATCH_PAINT);
    await page.goto(url);
    // One screenful of members, as the floor.
    const few = await measureFrames(page, port, FEW);
    await paced(port, PER_SECOND, 2, MEMBERS);
    const paints: number[] = [];
    for (let round = 0; round < PAINTS; round++) {
      await page.goto(url);
      await page.waitForFunction("globalThis.paintedMs !== undefined");
      paints.push(await page.evaluate("globalThis.paintedMs") as number);
    }
    const many = await measureFrames(page, port, MEMBERS);
    const changes = await measureChanges(page, port);
    return [
      atMost(`snapshot of ${MEMBERS} members to their paint`, median(paints), "ms", 200),
      {
        area: AREA,
        measure: `p99 of a frame with ${MEMBERS} members that beat each second, beside ${FEW}`,
        value: many,
        unit: "ms",
        floor: few,
        ratio: many / few,
        goal: "<= 50 ms",
        pass: many <= 50,
      },
      atMost("p99 of a change of state to the page", at(changes, 0.99), "ms", 300),
      { area: AREA, measure: "p50 of the same", value: at(changes, 0.5), unit: "ms" },
    ];
  } finally {
    await browser.close();
  }
}

/** p99 of the time between two frames while members beat. */
async function measureFrames(page: Page, port: number, members: number): Promise<number> {
  await paced(port, PER_SECOND, 1, members);
  const load = paced(port, PER_SECOND, 1 + FRAMES_MS / 1000, members);
  const gaps = await page.evaluate(`new Promise((done) => {
    const gaps = [];
    let last = performance.now();
    const end = last + ${FRAMES_MS};
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(frame);
      else done(gaps);
    };
    requestAnimationFrame(frame);
  })`) as number[];
  await load;
  return at(gaps, 0.99);
}

/** From the heartbeat that makes a member well to the row that says so. */
async function measureChanges(page: Page, port: number): Promise<number[]> {
  const seen = new Map<string, () => void>();
  await page.exposeFunction("tell", (name: string) => seen.get(name)?.());
  await page.evaluate(`new MutationObserver((mutations) => {
    for (const { target } of mutations) {
      const row = target.closest?.("tr") ?? target.parentElement?.closest("tr");
      if (row?.className === "ok") tell(row.querySelector("th").textContent);
    }
  }).observe(document.getElementById("main"), { childList: true, subtree: true, characterData: true })`);
  const times: number[] = [];
  for (let index = 0; index < CHANGES; index++) {
    const name = `change-${index}`;
    await ask(port, `hb_init?60000&appid=${name}`);
    await new Promise((done) => setTimeout(done, 50));
    const shown = new Promise<void>((resolve) => seen.set(name, resolve));
    const before = performance.now();
    await ask(port, `hb_ping?60000&appid=${name}`);
    await shown;
    times.push(performance.now() - before);
  }
  return times;
}

async function ask(port: number, target: string): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}/${target}`);
  await reply.body?.cancel();
}

/**
 * p99 of heartbeats while others listen, compared with the same while they listen to another host of
 * the same machine: what the listeners' own process costs counts for both.
 */
async function measureListening(consolePort: number, port: number): Promise<Row> {
  const otherPort = freePort();
  await using _other = await startHost(otherPort);
  const round = async (listenedPort: number): Promise<number> => {
    const url = `http://127.0.0.1:${listenedPort}/api/v1/events`;
    await using _listeners = await startChild(
      ["run", "--quiet", "-A", "scripts/bench/event_listeners.ts", url, String(STREAMS)],
      /ready/,
    );
    return (await paced(port, PER_SECOND, SECONDS, MEMBERS)).p99Ms;
  };
  const floor: number[] = [];
  const own: number[] = [];
  for (let count = 0; count < ROUNDS; count++) {
    floor.push(await round(otherPort));
    own.push(await round(consolePort));
  }
  const value = median(own);
  const noise = Math.max(...floor);
  return {
    area: AREA,
    measure: `p99 of ${PER_SECOND} heartbeats/s with ${STREAMS} event streams`,
    value,
    unit: "ms",
    floor: median(floor),
    ratio: value / median(floor),
    goal: `within the floor's noise, <= ${noise.toFixed(2)} ms`,
    pass: value <= noise,
  };
}

function freePort(): number {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return free.addr.port;
}

function startHost(consolePort: number): Promise<Child> {
  return startChild([...HOST, `--console-port=${consolePort}`], /port: \[\d+\]/);
}

function paced(port: number, perSecond: number, seconds: number, applications: number) {
  const numbers = [port, perSecond, seconds, applications].map(String);
  return runChild<PacedResult>(["run", "--quiet", "-A", "scripts/bench/paced_load.ts", ...numbers]);
}

function at(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

function atMost(measure: string, value: number, unit: string, limit: number): Row {
  return { area: AREA, measure, value, unit, goal: `<= ${limit}`, pass: value <= limit };
}
