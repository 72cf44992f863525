/**
 * The trigger role under many clients, beside a bare send loop that serves the same ones.
 *
 * @module
 */

import { hasPythonModule, PYTHON } from "../../tests/support/python.ts";
import {
  type Child,
  cpuSeconds,
  residentBytes,
  runChild,
  startChild,
  startProgram,
} from "../process.ts";
import { TriggerProcess } from "../trigger_process.ts";
import type { Row } from "./row.ts";
import { BURST, type TriggerLoadResult } from "./trigger_load.ts";

const AREA = "trigger";
const SAMPLES = 320;

const PRODUCT = [
  "--trigger-clients-max=200000",
  "--trigger-clients-per-address-max=10000",
  "--trigger-new-per-second-max=1000000",
];
const FLOOR = ["run", "--quiet", "--allow-all", "scripts/bench/trigger_floor.ts"];

interface Load {
  readonly clients: number;
  readonly seconds: number;
  /** Seconds between two registrations of a client; 0 for none while it is measured. */
  readonly everySeconds: number;
}

interface Figures extends TriggerLoadResult {
  /** Processor time in percent of a core. */
  readonly cpuPercent: number;
  readonly residentBytes: number;
}

/** Measures 20 000 and 100 000 clients. */
export async function run(): Promise<Row[]> {
  const many: Load = { clients: 20_000, seconds: 20, everySeconds: 0 };
  const most: Load = { clients: 100_000, seconds: 15, everySeconds: 0 };
  const minute = await measureProduct({ ...many, seconds: 60 });
  const manyFloor = await measureFloor(many);
  const manyPython = await measurePython(many);
  const busy = await measureProduct({ ...many, everySeconds: 5 });
  const busyFloor = await measureFloor({ ...many, everySeconds: 5 });
  const all = await measureProduct(most);
  const allFloor = await measureFloor(most);
  const { bytes } = await runChild<{ bytes: number }>([
    "run",
    "--quiet",
    "--v8-flags=--expose-gc",
    "scripts/bench/trigger_memory.ts",
    String(most.clients),
  ]);
  const served = (figures: Figures) => 100 * figures.burstServed / BURST;
  return [
    {
      ...atMost("CPU, 20 000 clients", minute.cpuPercent, "%", manyFloor.cpuPercent, 10),
      ...besidePython(minute, manyPython, "cpuPercent"),
    },
    {
      ...atMost(
        "interval off by, p99, 20 000 clients",
        minute.offP99Ms,
        "ms",
        manyFloor.offP99Ms,
        10,
      ),
      ...besidePython(minute, manyPython, "offP99Ms"),
    },
    {
      area: AREA,
      measure: "interval off by, max, 20 000 clients",
      value: minute.offMaxMs,
      unit: "ms",
      floor: manyFloor.offMaxMs,
      ratio: minute.offMaxMs / manyFloor.offMaxMs,
    },
    atMost(
      "drift per tick over a minute, 20 000 clients",
      Math.abs(minute.driftMs),
      "ms",
      Math.abs(manyFloor.driftMs),
      0.05,
    ),
    atMost("pings lost in a minute, of 320 sampled clients", minute.lost, "", manyFloor.lost, 0),
    {
      area: AREA,
      measure: "CPU, 20 000 clients that register every 5 s",
      value: busy.cpuPercent,
      unit: "%",
      floor: busyFloor.cpuPercent,
      ratio: busy.cpuPercent / busyFloor.cpuPercent,
    },
    atLeast("2 000 registrations in one burst, taken", served(minute), served(manyFloor), 95),
    atMost("CPU, 100 000 clients", all.cpuPercent, "%", allFloor.cpuPercent, 50),
    atMost("interval off by, p99, 100 000 clients", all.offP99Ms, "ms", allFloor.offP99Ms, 30),
    atMost("pings lost, of 320 sampled of 100 000", all.lost, "", allFloor.lost, 0),
    atMost(
      "resident memory, 100 000 clients",
      all.residentBytes / 1e6,
      "MB",
      allFloor.residentBytes / 1e6,
      120,
    ),
    atMost("memory of a client at 100 000", bytes, "bytes", undefined, 200),
  ];
}

async function measureProduct(load: Load): Promise<Figures> {
  await using service = await TriggerProcess.start(PRODUCT);
  return await measure(service.pid, service.port, load);
}

async function measureFloor(load: Load): Promise<Figures> {
  await using child: Child = await startChild(FLOOR, /^\d+$/);
  return await measure(child.pid, Number(child.line), load);
}

/** A service as one writes it in Python; undefined where there is none. */
async function measurePython(load: Load): Promise<Figures | undefined> {
  if (!hasPythonModule("socket")) return undefined;
  await using child = await startProgram({
    command: PYTHON,
    args: ["scripts/bench/python_trigger.py"],
    speaks: "stdout",
    isReady: (text) => text !== "",
  });
  return await measure(child.pid, Number(child.text), load);
}

function besidePython(
  own: Figures,
  python: Figures | undefined,
  key: "cpuPercent" | "offP99Ms",
): Pick<Row, "peers"> {
  if (python === undefined) return {};
  const value = python[key];
  return { peers: [{ name: "a loop in Python", value, ratio: own[key] / value }] };
}

async function measure(
  pid: number,
  port: number,
  { clients, seconds, everySeconds }: Load,
): Promise<Figures> {
  const samples = Math.min(SAMPLES, clients);
  const args = [port, clients - samples, samples, seconds, everySeconds].map(String);
  const load = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "scripts/bench/trigger_load.ts", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = load.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let ready: { cpu: number; at: number } | undefined;
  let cpuPercent = NaN;
  let bytes = NaN;
  for (;;) {
    const { value, done } = await lines.read();
    if (done) break;
    text += value;
    if (ready !== undefined || !text.includes("ready")) continue;
    ready = { cpu: cpuSeconds(pid), at: performance.now() };
    // The burst at the end is not part of the steady state.
    await new Promise((resolve) => setTimeout(resolve, (seconds - 0.5) * 1_000));
    cpuPercent = 1e5 * (cpuSeconds(pid) - ready.cpu) / (performance.now() - ready.at);
    bytes = residentBytes(pid);
  }
  await load.status;
  const result: TriggerLoadResult = JSON.parse(text.trim().split("\n").at(-1) ?? "");
  return { ...result, cpuPercent, residentBytes: bytes };
}

function atMost(
  measure: string,
  value: number,
  unit: string,
  floor: number | undefined,
  most: number,
): Row {
  return {
    area: AREA,
    measure,
    value,
    unit,
    ...(floor === undefined ? {} : { floor }),
    ...(floor ? { ratio: value / floor } : {}),
    goal: `<= ${most} ${unit}`.trim(),
    pass: value <= most,
  };
}

function atLeast(measure: string, value: number, floor: number, least: number): Row {
  return {
    area: AREA,
    measure,
    value,
    unit: "%",
    floor,
    ratio: value / floor,
    goal: `>= ${least} %`,
    pass: value >= least,
  };
}
