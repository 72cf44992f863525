/**
 * The executable as a whole: how soon it is ready, what it takes at rest.
 *
 * @module
 */

import { EVERY_ROLE } from "../../tests/cli/whole_host.ts";
import { portableFile } from "../../tests/file/executable.ts";
import { cpuSeconds, residentBytes } from "../process.ts";
import { median, type Row } from "./row.ts";

const STARTS = 11;
const AREA = "appliance";
const START_MS_MAX = 20_000;
/** What the program may take to start on top of Deno itself. */
const START_OVER_FLOOR_MS = 120;
/** The idle minute and its disk writes; the issue asks for five minutes. */
const IDLE_SECONDS = Number(Deno.env.get("PULSEBOX_BENCH_IDLE_SECONDS") ?? 60);
/** After its start a host settles: last code is compiled, garbage is collected. */
const SETTLE_MS = 10_000;

const HEARTBEAT_PORTS = ["--heartbeat-port=0", "--console-port=0"];
const ALL = [...EVERY_ROLE, "--hev-source=serial:/dev/none"];

/** A started program. */
interface Started extends AsyncDisposable {
  readonly pid: number;
  readonly readyMs: number;
}

/** Measures starts in turns with the floor: Deno itself with an empty program. */
export async function run(): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  try {
    const file = await portableFile(Deno.build.arch === "x86_64" ? "x86_64" : "aarch64");
    const empty = `${folder}/empty.js`;
    await Deno.writeTextFile(empty, `console.error("role=console");`);
    const floor = [Deno.execPath(), "run", "--quiet", "--no-config", "--no-lock", empty];
    const env = { XDG_CACHE_HOME: folder };
    const all: number[] = [];
    const bare: number[] = [];
    // The first start unpacks and compiles.
    await (await start([file, ...ALL], env))[Symbol.asyncDispose]();
    await (await start([file, ...ALL], env))[Symbol.asyncDispose]();
    for (let round = 0; round < STARTS; round++) {
      await using host = await start([file, ...ALL], env);
      all.push(host.readyMs);
      await using nothing = await start(floor, env);
      bare.push(nothing.readyMs);
    }
    return [
      readyRow(median(all), median(bare)),
      ...await atRest(file, [...ALL, `--data=${folder}/data`], env),
      await memoryOfOneRole(file, env),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function readyRow(value: number, floor: number): Row {
  return {
    area: AREA,
    measure: "start to the last listening address, all roles, warm",
    value,
    unit: "ms",
    floor,
    ratio: value / floor,
    goal: `<= ${START_OVER_FLOOR_MS} ms over Deno's own`,
    pass: value - floor <= START_OVER_FLOOR_MS,
  };
}

async function atRest(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Row[]> {
  await using host = await start([file, ...args], env);
  await sleep(SETTLE_MS);
  const cpuBefore = cpuSeconds(host.pid);
  const writtenBefore = writtenBytes(host.pid);
  await sleep(IDLE_SECONDS * 1_000);
  const cpuPercent = 100 * (cpuSeconds(host.pid) - cpuBefore) / IDLE_SECONDS;
  const memory = residentBytes(host.pid) / 1e6;
  const written = writtenBytes(host.pid) - writtenBefore;
  const seconds = `${IDLE_SECONDS} s`;
  return [
    row("idle memory, all roles", memory, "MB", 72),
    row(`idle CPU, all roles, ${seconds}`, cpuPercent, "%", 0.5),
    row(`written to the disk while idle, ${seconds}`, written, "bytes", 0),
  ];
}

async function memoryOfOneRole(file: string, env: Record<string, string>): Promise<Row> {
  await using host = await start([file, "--heartbeat", ...HEARTBEAT_PORTS], env);
  await sleep(SETTLE_MS);
  return row("idle memory, heartbeat role", residentBytes(host.pid) / 1e6, "MB", 60);
}

function row(measure: string, value: number, unit: string, most: number): Row {
  return { area: AREA, measure, value, unit, goal: `<= ${most} ${unit}`, pass: value <= most };
}

async function start(words: readonly string[], env: Record<string, string>): Promise<Started> {
  const [program = "", ...args] = words;
  const startedAt = performance.now();
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("role=console")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot start ${program}: ${text}`);
    text += value;
  }
  clearTimeout(timer);
  const readyMs = performance.now() - startedAt;
  const drained = (async () => {
    while (!(await lines.read()).done);
  })();
  return {
    pid: child.pid,
    readyMs,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // The floor has ended by itself.
      }
      await child.status;
      await drained;
    },
  };
}

/** Bytes that a process has sent to the disk. */
function writtenBytes(pid: number): number {
  const io = Deno.readTextFileSync(`/proc/${pid}/io`);
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? NaN);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
