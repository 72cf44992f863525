/**
 * Recordings of a ventilator as the protocol's specification describes them: what is in them, and when it comes.
 *
 * @module
 */

import { alarmName } from "./alarm_names.ts";

/** What a recorded controller told. */
export type Taped =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "alarm"; readonly alarm: string }
  /** Of a type that only clients of the newer dialect get, or nobody does. */
  | { readonly kind: "other"; readonly type: string | undefined };

/** A recording. */
export interface Tape {
  /** What is played, with its time since the beginning of a pass in milliseconds, in order. */
  readonly items: readonly (Taped & { readonly atMs: number })[];
  /** How long a pass takes, in milliseconds. */
  readonly passMs: number;
  /** Records or lines that cannot be played. */
  readonly skipped: number;
}

/** A recorded payload with its time stamp in milliseconds, if it has one. */
type Stamped = Taped & { readonly stamp: number | undefined };

const RECORD_BYTES = 27;
const RECORD_MS = 1_000;
const ROW_MS = 200;
/** Before the first payload with a time stamp, between two passes, and where the time stamps jump. */
const GAP_MS = 10;
/** Time stamps that go on by more than this are those of another time, in milliseconds. */
const JUMP_MS = 60_000;

type Types = Readonly<Record<number, [lengths: number[], name?: string]>>;

/** Types that have not changed since 0xAA. */
const LASTING: Types = {
  3: [[67], "CYCLE"],
  5: [[12], "CMD"],
  6: [[12], "ALARM"],
  7: [[42], "DEBUG"],
  8: [[55], "IVT"],
};

/** Types by their codes: the length of each, or of several, in bytes, and its name if it is broadcast. */
const TYPES: Readonly<Record<number, Types>> = {
  0xaa: {
    ...LASTING,
    1: [[53], "DATA"],
    2: [[55], "READBACK"],
    9: [[56]],
  },
  0xb6: {
    ...LASTING,
    1: [[77, 81], "DATA"],
    2: [[68, 70], "READBACK"],
    9: [[56]],
    10: [[54], "TARGET"],
    11: [[13], "BATTERY"],
    12: [[25]],
    13: [[90], "PERSONAL"],
  },
};

/** Reads a recording of any form. */
export function readTape(bytes: Uint8Array, isBigEndian: boolean): Tape {
  if (bytes[0] === 0xa0) return readRecords(bytes, isBigEndian);
  const lines = new TextDecoder().decode(bytes).split("\n").map((line) => line.trim());
  return lines[0]?.startsWith("b'") ? readPayloads(lines) : readRows(lines);
}

function readRecords(bytes: Uint8Array, isBigEndian: boolean): Tape {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const isGood = view.getUint16(at) === 0xa01b;
    if (isGood) values.push(view.getUint16(at + 11, !isBigEndian));
  }
  const skipped = Math.ceil(bytes.length / RECORD_BYTES) - values.length;
  return evenly(values.map((value) => ({ kind: "value", value })), RECORD_MS, skipped);
}

function readRows(lines: readonly string[]): Tape {
  const rows = lines.map((line, index) => index === 0 ? line.replace(/^time.*\]/, "") : line)
    .filter((row) => row !== "");
  const values = rows.map((row) => row.split(",").map((cell) => cell === "" ? NaN : Number(cell)))
    .filter((cells) => cells.length === 4 && cells.every(Number.isFinite))
    .map(([, pressure = 0]) => pressure);
  const skipped = rows.length - values.length;
  return evenly(values.map((value) => ({ kind: "value", value })), ROW_MS, skipped);
}

function readPayloads(lines: readonly string[]): Tape {
  const full = lines.filter((line) => line !== "");
  const payloads = full.flatMap((line) => {
    const [, digits] = /^b'((?:[0-9a-f]{2})+)'$/i.exec(line) ?? [];
    const payload = digits === undefined ? undefined : readPayload(Uint8Array.fromHex(digits));
    return payload === undefined ? [] : [payload];
  });
  const skipped = full.length - payloads.length;
  // The oldest firmware has no time stamps, and sends once a second.
  if (payloads.every(({ stamp }) => stamp === undefined)) {
    return evenly(payloads, RECORD_MS, skipped);
  }
  const moments = momentsOf(payloads);
  const items = payloads.map((payload, index) => ({ ...payload, atMs: moments[index] ?? 0 }));
  return { items, passMs: (moments.at(-1) ?? 0) + GAP_MS, skipped };
}

function readPayload(bytes: Uint8Array): Stamped | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [version = 0, , , , , type = 0] = bytes;
  if (version === 0xa0) {
    if (bytes.length === 26) {
      return { kind: "value", value: view.getUint16(10, true), stamp: undefined };
    }
    if (bytes.length !== 6) return undefined;
    return { kind: "alarm", alarm: alarmName(view.getUint8(1)), stamp: undefined };
  }
  if (bytes.length < 6) return undefined;
  const stamp = view.getUint32(1, true);
  const alarmAt = (at: number) => alarmName(view.getUint8(at + 1), view.getUint8(at));
  if (version === 0xa1) {
    if (bytes.length === 30) return { kind: "value", value: view.getUint16(14, true), stamp };
    return bytes.length === 11 ? { kind: "alarm", alarm: alarmAt(5), stamp } : undefined;
  }
  const [lengths, name] = TYPES[version]?.[type] ?? [];
  if (lengths?.includes(bytes.length) !== true) return undefined;
  if (name === "DATA") return { kind: "value", value: view.getFloat32(19, true), stamp };
  if (name === "ALARM") return { kind: "alarm", alarm: alarmAt(6), stamp };
  return { kind: "other", type: name, stamp };
}

/**
 * Moments by time stamps. Only values are stamped when they are sent; what else there is may be stamped
 * earlier. Values whose time jumps are those of a controller that has begun anew.
 */
function momentsOf(payloads: readonly Stamped[]): number[] {
  const since = (from: number, to: number) => (to - from + 2 ** 32) % 2 ** 32;
  let moment = GAP_MS;
  let clock: number | undefined;
  let valueStamp: number | undefined;
  return payloads.map(({ kind, stamp }) => {
    if (stamp === undefined) return moment;
    clock ??= stamp;
    if (kind === "value") {
      const hasJumped = valueStamp === undefined
        ? Math.min(since(clock, stamp), since(stamp, clock)) > JUMP_MS
        : since(valueStamp, stamp) > JUMP_MS;
      if (hasJumped) {
        moment += GAP_MS;
        clock = stamp;
      }
      valueStamp = stamp;
    }
    const ahead = since(clock, stamp);
    if (ahead > JUMP_MS) return moment;
    clock = stamp;
    return moment += ahead;
  });
}

function evenly(taped: readonly Taped[], everyMs: number, skipped: number): Tape {
  const items = taped.map((one, index) => ({ ...one, atMs: index * everyMs }));
  return { items, passMs: items.length * everyMs, skipped };
}
