/**
 * Recordings as rows of numbers: time, pressure, flow and volume.
 *
 * @module
 */

import { type Dump, DumpBuilder } from "./dump.ts";
import type { Payload } from "./payload.ts";
import { SENSOR_KEYS } from "./seed_view.ts";

/** One row. */
export interface SampleRow {
  /** Seconds. */
  readonly time: number;
  /** Millibar. */
  readonly pressure: number;
  /** Millilitres per minute. */
  readonly flow: number;
  /** Millilitres. */
  readonly volume: number;
}

/** The line before the first row, as the originals wrote it: without a newline of its own. */
const HEADER = "time [s],pressure [mbar],flow [mL/min],volume [mL]";
const COLUMNS = 4;
/** The version that playback of rows goes by. */
const VERSION = 0xa0;

/**
 * Reads a recording. The first row may follow the header on its line; the originals lost it, this
 * reader does not. Empty lines are nothing, other lines that are not four numbers are skipped.
 */
export function readRowDump(text: string): Dump<SampleRow> {
  const dump = new DumpBuilder<SampleRow>();
  for (const [index, line] of text.split("\n").entries()) {
    const row = (index === 0 ? withoutHeader(line) : line).trim();
    if (row === "") continue;
    const numbers = row.split(",").map((cell) => cell.trim() === "" ? NaN : Number(cell));
    const [time, pressure, flow, volume] = numbers;
    if (
      numbers.length !== COLUMNS || !numbers.every(Number.isFinite) ||
      time === undefined || pressure === undefined || flow === undefined || volume === undefined
    ) {
      dump.skip(`line ${index + 1} is "${row.slice(0, 40)}", must be four numbers`);
    } else {
      dump.items.push({ time, pressure, flow, volume });
    }
  }
  return dump;
}

/** Writes a recording, with six digits after the point as the originals did. */
export function writeRowDump(rows: readonly SampleRow[]): string {
  const lines = rows.map((row) =>
    [row.time, row.pressure, row.flow, row.volume].map(sixDigits).join(",") + "\n"
  );
  return HEADER + lines.join("");
}

/**
 * The data payload that a row plays: pressure as `pressure_buffer`, volume as `pressure_inhale`, flow
 * as `temperature_buffer`, everything else 0. Its fractions have no place in a frame.
 */
export function payloadOfRow(row: SampleRow): Payload {
  const zeros = Object.fromEntries(SENSOR_KEYS.map((key) => [key, 0]));
  const values = {
    ...zeros,
    version: VERSION,
    pressure_buffer: row.pressure,
    pressure_inhale: row.volume,
    temperature_buffer: row.flow,
  };
  return { version: VERSION, type: "DATA", values };
}

/** The originals' flow has zeros of either sign. */
function sixDigits(value: number): string {
  return (Object.is(value, -0) ? "-" : "") + value.toFixed(6);
}

/** The first line from where its numbers begin. */
function withoutHeader(line: string): string {
  if (!/^\s*time\b/i.test(line)) return line;
  const lastUnit = line.lastIndexOf("]");
  return lastUnit < 0 ? "" : line.slice(lastUnit + 1);
}
