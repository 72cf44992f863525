/**
 * What the bench leaves behind: its rows, and on which machine they were measured.
 *
 * @module
 */

import { hasPythonModule, PYTHON } from "../../tests/support/python.ts";
import type { Row } from "./row.ts";

/** A row, and the piece of the bench that it came from. */
export interface ReportRow extends Row {
  readonly piece: string;
}

/** One run, or several on the same machine. */
export interface Report {
  /** The day of the run, as `2026-11-30`. */
  readonly date: string;
  readonly machine: Machine;
  /** What a reader has to know about the circumstances. */
  readonly note?: string;
  readonly rows: readonly ReportRow[];
}

/** Where the rows were measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** Versions of the runtime and of the peers that are there, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Looks at the machine that this runs on. */
export function thisMachine(): Machine {
  const processor = /^(?:model name|Model)\s*:\s*(.+)$/m.exec(read("/proc/cpuinfo"))?.[1];
  const memoryKb = Number(/^MemTotal:\s+(\d+) kB/m.exec(read("/proc/meminfo"))?.[1] ?? NaN);
  const versions = {
    Deno: Deno.version.deno,
    V8: Deno.version.v8,
    libzmq: hasPythonModule("zmq")
      ? versionOf(PYTHON, ["-c", "import zmq; print(zmq.zmq_version())"])
      : undefined,
    Mosquitto: versionOf("/usr/sbin/mosquitto", ["-h"]),
    ser2net: versionOf("/usr/sbin/ser2net", ["-v"]),
    Node: versionOf("node", ["--version"]),
    Python: versionOf(PYTHON, ["--version"]),
  };
  return {
    processor: processor ?? "unknown",
    cores: navigator.hardwareConcurrency,
    memoryGb: Math.round(memoryKb / 1024 ** 2),
    kernel: Deno.osRelease(),
    versions: Object.fromEntries(
      Object.entries(versions).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** The report at a path; undefined if there is none. */
export function readReport(path: string | URL): Report | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A report as text: one row a line, so that a difference shows the rows that changed. */
export function formatReport({ date, machine, note, rows }: Report): string {
  const short = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  const lines = rows.map((row) => `    ${JSON.stringify(row, short)}`);
  return `{\n  "date": ${JSON.stringify(date)},\n  "machine": ${JSON.stringify(machine)},\n` +
    (note === undefined ? "" : `  "note": ${JSON.stringify(note)},\n`) +
    `  "rows": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

function versionOf(command: string, args: string[]): string | undefined {
  try {
    const { stdout, stderr } = new Deno.Command(command, { args, stdin: "null" }).outputSync();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return /\d+(?:\.\d+)+/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  return Deno.readTextFileSync(path);
}
