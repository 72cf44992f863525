/**
 * Recordings on the simulated machine, each made from the seed in its name: of every form, some of them
 * short, damaged, or of a controller that began anew.
 *
 * @module
 */

import { alarmPayload, dataPayload, type Firmware, otherPayload } from "./controller_payload.ts";
import type { Ordeal } from "./ordeal.ts";
import { Random } from "./random.ts";

const FORMS = ["records", "rows", "a0", "a1-packed", "aa", "b6"] as const;
type Form = typeof FORMS[number];

const FOLDER = "/recordings/";
/** Between two payloads, in milliseconds; none that would make a silence be nearly one too long. */
const PAUSES_MS = [100, 500, 1_000, 1_000, 1_000, 1_000, 2_500, 3_500, 7_000] as const;
/** When a controller began to count, in milliseconds: lately, long ago, and so that the count is over soon. */
const STAMPS = [0, 4_000_000, 2 ** 32 - 5_000] as const;
const CODES = [1, 4, 7, 13, 22, 12] as const;
/** Lengths and codes of types that all new firmware has: CYCLE, DEBUG, and one that nobody gets. */
const OTHERS = [
  { bytes: 67, type: 3 },
  { bytes: 42, type: 7 },
  { bytes: 56, type: 9 },
] as const;

/** The path of a recording of a random form. */
export function recordingPath(random: Random): string {
  return `${FOLDER}${random.pick(FORMS)}-${random.whole(0, 2 ** 20)}`;
}

/** What is in a recording; undefined if there is none of that name. */
export function recordedBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  const [, name = "", seed] = /^\/recordings\/([\w-]+)-(\d+)$/.exec(path) ?? [];
  const form = FORMS.find((form) => form === name);
  return form === undefined ? undefined : make(form, new Random(Number(seed)));
}

/**
 * Takes the place of the machine's files of that name until disposed of.
 *
 * @param ordeal What may go wrong when they are read.
 */
export function installRecordings(ordeal: Ordeal): Disposable {
  const { statSync, readFileSync } = Deno;
  const of = (path: string | URL) => recordedBytes(String(path));
  Object.assign(Deno, {
    statSync: (path: string | URL) => {
      const bytes = of(path);
      return bytes === undefined ? statSync(path) : { isFile: true, size: bytes.length };
    },
    readFileSync: (path: string | URL) => {
      const bytes = of(path);
      if (bytes === undefined) return readFileSync(path);
      if (ordeal.strikes("disk")) throw new Error("Input/output error (os error 5)");
      return bytes;
    },
  });
  return { [Symbol.dispose]: () => void Object.assign(Deno, { statSync, readFileSync }) };
}

function make(form: Form, random: Random): Uint8Array<ArrayBuffer> {
  const length = random.chance(0.3) ? random.whole(1, 3) : random.whole(4, 30);
  const isDamaged = random.chance(0.4);
  switch (form) {
    case "records":
      return makeRecords(length, isDamaged, random);
    case "rows":
      return makeRows(length, isDamaged, random);
    default:
      return makePayloads(form, { length, isDamaged }, random);
  }
}

function makeRecords(length: number, isDamaged: boolean, random: Random): Uint8Array<ArrayBuffer> {
  const records = Array.from({ length }, (_, index) => {
    const [version = 0, ...rest] = dataPayload("a0", 100 + index, 0);
    const record = [version, 27, ...rest];
    // The first stays whole, or it would be no recording.
    if (isDamaged && index > 0 && random.chance(0.2)) record[random.whole(0, 1)] = 0x55;
    return record;
  });
  if (isDamaged) records.push(Array(random.whole(1, 26)).fill(0xa0));
  return Uint8Array.from(records.flat());
}

function makeRows(length: number, isDamaged: boolean, random: Random): Uint8Array<ArrayBuffer> {
  const rows = Array.from({ length }, (_, index) => {
    const cells = [index / 5, 100 + index + random.pick([0, 0.25, 0.123456]), -1.5, index];
    return cells.map((cell) => cell.toFixed(6)).join();
  });
  const lines = isDamaged ? damaged(rows, random, (row) => row.replace(/,.*$/, "")) : rows;
  // The first row is on the line of the heading.
  return encoded(`time [s],pressure [mbar],flow [mL/min],volume [mL]${lines.join("\n")}\n`);
}

function makePayloads(
  firmware: Firmware,
  { length, isDamaged }: { readonly length: number; readonly isDamaged: boolean },
  random: Random,
): Uint8Array<ArrayBuffer> {
  const hasAlarms = random.chance(0.6);
  let stamp: number = random.pick(STAMPS);
  let value = 100;
  const payloads = Array.from({ length }, (_, index) => {
    stamp += random.pick(PAUSES_MS);
    if (random.chance(0.03)) stamp = random.pick(STAMPS);
    // There is a value at once, as nobody gets anything before there is one.
    if (index > 0 && hasAlarms && random.chance(0.3)) {
      const alarm = { code: random.pick(CODES), priority: random.whole(1, 3) };
      // It has the time of its cause.
      return alarmPayload(firmware, alarm, Math.max(0, stamp - random.pick([0, 0, 700, 3_000])));
    }
    const isNew = firmware === "aa" || firmware === "b6";
    if (index > 0 && isNew && random.chance(0.2)) {
      return otherPayload(firmware, random.pick(OTHERS), stamp);
    }
    return dataPayload(firmware, value++, stamp);
  });
  const lines = payloads.map((payload) => `b'${payload.toHex()}'`);
  if (!isDamaged) return encoded(lines.join("\n") + "\n");
  const cut = (line: string) => line.slice(0, random.whole(0, line.length - 1));
  return encoded(damaged(lines, random, cut).join("\n"));
}

/** Leaves the first line whole, cuts some of the others, and puts something else between some. */
function damaged(
  lines: readonly string[],
  random: Random,
  cut: (line: string) => string,
): string[] {
  return lines.flatMap((line, index) => {
    if (index === 0 || random.chance(0.7)) return [line];
    return random.pick([
      [cut(line)],
      ["", line],
      ["<html>", line],
      [line.replaceAll("0", "x")],
      [],
    ]);
  });
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
