/**
 * ZeroMQ over WebSocket beside jszmq on Node.js: publications to a hundred subscribers, round trips,
 * and the memory of idle subscribers.
 *
 * @module
 */

import { messageOf } from "../../src/core/message_of.ts";
import { type Child, residentBytes, runChild, startChild } from "../process.ts";
import { median, type Row } from "./row.ts";
import type { ZmqLoadResult } from "./zmq_load.ts";

const ROUNDS = 3;
const SUBSCRIBERS = 100;
const MESSAGES = 10_000;
const CONNECTIONS = 16;
const SECONDS = 2;
const IDLE = 1_000;
/** Subscribers before the measured ones, until the process has its size. */
const IDLE_BEFORE = 600;
/** The collector's spare room, which does not grow with subscribers, is kept from being counted. */
const SMALL_NURSERY = "--v8-flags=--max-semi-space-size=1";
const IDLE_BYTES_MAX = 20_000;
const FAN_OUT_RATIO_MIN = 4;
const ROUND_TRIP_RATIO_MIN = 1.5;
const ECHO_RATIO_MIN = 0.85;

const AREA = "zmq";
const LOAD = "scripts/bench/zmq_load.ts";
const FLOOR_SCRIPT = new URL("./zmq_floor.cjs", import.meta.url).pathname;
const JSZMQ = "jszmq@0.1.2";

/** Measures in rounds that take turns, so that noise hits both servers alike. */
export async function run(): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  try {
    await using product = await startChild(
      ["run", "--quiet", "-A", "scripts/bench/zmq_server.ts"],
      /^\d+$/,
    );
    await using floor = await startFloor(folder);
    const fanOut = await compare(product, floor, ["fan-out", SUBSCRIBERS, MESSAGES]);
    const roundTrips = await compare(product, floor, ["round-trips", CONNECTIONS, SECONDS]);
    await using echo = await startChild(
      ["run", "--quiet", "-A", "scripts/bench/zmq_echo.ts"],
      /^\d+$/,
    );
    const besideEcho = await compare(product, echo, ["round-trips", CONNECTIONS, SECONDS]);
    return [
      row(`publications per second to ${SUBSCRIBERS} ws subscribers`, fanOut, FAN_OUT_RATIO_MIN),
      row(
        `REQ round trips per second over ws, ${CONNECTIONS} connections`,
        roundTrips,
        ROUND_TRIP_RATIO_MIN,
      ),
      row(
        `REQ round trips per second over ws, ${CONNECTIONS} connections, beside a TCP echo`,
        besideEcho,
        ECHO_RATIO_MIN,
        "a TCP echo on Deno",
      ),
      await idleRow(),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Comparison {
  readonly value: number;
  readonly floor: number | undefined;
}

async function compare(
  product: Child,
  floor: Child | undefined,
  act: readonly (string | number)[],
): Promise<Comparison> {
  const values: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const value = await load(product, act);
    const beside = floor === undefined ? undefined : await load(floor, act);
    // The first round warms both up.
    if (round === 0) continue;
    values.push(value);
    if (beside !== undefined) floors.push(beside);
  }
  return { value: median(values), floor: floors.length === 0 ? undefined : median(floors) };
}

async function load(server: Child, act: readonly (string | number)[]): Promise<number> {
  const args = ["run", "--quiet", "-A", LOAD, server.line, ...act.map(String)];
  const { count, seconds } = await runChild<ZmqLoadResult>(args);
  return count / seconds;
}

function row(
  measure: string,
  { value, floor }: Comparison,
  ratioMin: number,
  peer = "jszmq",
): Row {
  const unit = "/s";
  if (floor === undefined) return { area: AREA, measure, value, unit };
  const ratio = value / floor;
  const goal = `>= ${ratioMin} of ${peer}`;
  return { area: AREA, measure, value, unit, floor, ratio, goal, pass: ratio >= ratioMin };
}

/** On a server of its own: what others left behind must not count. */
async function idleRow(): Promise<Row> {
  await using server = await startChild(
    ["run", "--quiet", "-A", SMALL_NURSERY, "scripts/bench/zmq_server.ts"],
    /^\d+$/,
  );
  const idle = (count: number) =>
    startChild(["run", "--quiet", "-A", LOAD, server.line, "idle", String(count)], /^open$/);
  // The code that serves them is there once; only more of them cost more.
  await using _few = await idle(IDLE_BEFORE);
  const before = residentBytes(server.pid);
  await using _many = await idle(IDLE);
  const value = (residentBytes(server.pid) - before) / IDLE;
  const goal = `<= ${IDLE_BYTES_MAX} bytes`;
  const measure = "memory of an idle ws subscriber";
  return { area: AREA, measure, value, unit: "bytes", goal, pass: value <= IDLE_BYTES_MAX };
}

/** Starts jszmq under Node.js; undefined, and a line that says so, where either is missing. */
async function startFloor(folder: string): Promise<Child | undefined> {
  try {
    const { success } = await new Deno.Command("npm", {
      args: ["install", "--prefix", folder, "--no-audit", "--no-fund", JSZMQ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) throw new Error(`npm cannot install ${JSZMQ}`);
    return await startNode(folder);
  } catch (error) {
    console.error(`not compared with jszmq: ${messageOf(error)}`);
    return undefined;
  }
}

async function startNode(folder: string): Promise<Child> {
  const child = new Deno.Command("node", {
    args: [FLOOR_SCRIPT],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  return {
    pid: child.pid,
    line: value.trim(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
