/**
 * Recordings of every format, read as payloads with their times.
 *
 * @module
 */

import { type Dump, sniffDump } from "./dump.ts";
import { readPayloadDump } from "./dump_payloads.ts";
import { type ByteOrder, readRecordDump } from "./dump_records.ts";
import { payloadOfRow, readRowDump } from "./dump_rows.ts";
import type { Payload } from "./payload.ts";
import {
  decodeRecordedPayload,
  elapsedMs,
  shiftTimestamp,
  timestampOf,
} from "./recorded_payload.ts";

/**
 * Time between two payloads without time stamps in milliseconds: the firmware of version 0xA0 sent one
 * each second.
 */
export const RECORD_INTERVAL_MS = 1_000;
/** Time between two rows of numbers in milliseconds, as the originals played them. */
export const ROW_INTERVAL_MS = 200;
/**
 * Time before the first payload with a time stamp, between two passes, and where the controller was
 * restarted, in milliseconds.
 */
export const PASS_GAP_MS = 10;
/**
 * The longest pause that is played, in milliseconds: data that are later, or earlier, are of a
 * controller that was restarted.
 */
export const STAMP_JUMP_MS_MAX = 60_000;

/** One payload of a recording. */
export interface RecordedStep {
  /** The bytes as received; `undefined` if the recorded values fit no frame. */
  readonly bytes: Uint8Array | undefined;
  /** The same, decoded. */
  readonly payload: Payload;
}

/** A recording that can be played. */
export interface Recording {
  /** The version of its first payload, such as 0xA0. */
  readonly version: number;
  /** Number of steps, at least 1. */
  readonly length: number;
  /** How long one pass takes, in milliseconds, more than 0. */
  readonly passMs: number;
  /** True if it has alarms of its own. */
  readonly hasAlarms: boolean;
  /** Number of records or lines that could not be read or used. */
  readonly skipped: number;
  /** A sentence about the first of them. */
  readonly firstFault: string | undefined;
  /** When a step comes, in milliseconds since the beginning of its pass; they never decrease. */
  atMs(index: number): number;
  /**
   * A step of a pass. Time stamps grow from pass to pass.
   *
   * @param index 0 to `length` - 1.
   * @param pass 0 for the first.
   */
  step(index: number, pass: number): RecordedStep;
}

/** Why a recording cannot be played. */
export interface UnreadableRecording {
  readonly type: "unreadable";
  /** A sentence for the operator. */
  readonly reason: string;
}

/** Options of {@linkcode readRecording}. */
export interface RecordingOptions {
  /** Byte order of 27-byte records; `little-endian` if not given. */
  byteOrder?: ByteOrder;
}

/** Reads a recording of any format, recognised by its beginning. */
export function readRecording(
  bytes: Uint8Array,
  options: RecordingOptions = {},
): Recording | UnreadableRecording {
  switch (sniffDump(bytes)) {
    case "records":
      return recordingOf(payloadSteps(readRecordDump(bytes, options)), RECORD_INTERVAL_MS);
    case "payloads": {
      const dump = payloadSteps(readPayloadDump(new TextDecoder().decode(bytes)));
      return recordingOf(dump, hasTimestamps(dump) ? "stamped" : RECORD_INTERVAL_MS);
    }
    case "rows": {
      const dump = readRowDump(new TextDecoder().decode(bytes));
      const items = dump.items.map((row) => ({ bytes: undefined, payload: payloadOfRow(row) }));
      return recordingOf({ ...faultsOf(dump), items }, ROW_INTERVAL_MS);
    }
    case undefined:
      return unreadable("it is neither records of 27 bytes, nor lines b'…', nor rows of numbers");
  }
}

interface Untimed {
  readonly bytes: Uint8Array | undefined;
  readonly payload: Payload;
}

/** Leaves out unknown payloads, so that one foreign line does not make a recording useless. */
function payloadSteps(dump: Dump<Uint8Array>): Dump<Untimed> {
  const items: Untimed[] = [];
  let { skipped, firstFault } = dump;
  for (const bytes of dump.items) {
    const payload = decodeRecordedPayload(bytes);
    if (payload.type === "unusable") {
      skipped++;
      firstFault ??= payload.reason;
    } else {
      items.push({ bytes, payload });
    }
  }
  return { items, skipped, firstFault };
}

function hasTimestamps({ items }: Dump<Untimed>): boolean {
  return items.some(({ bytes }) => bytes !== undefined && timestampOf(bytes) !== undefined);
}

function faultsOf({ skipped, firstFault }: Dump<unknown>): Omit<Dump<unknown>, "items"> {
  return { skipped, firstFault };
}

function recordingOf(
  { items, skipped, firstFault }: Dump<Untimed>,
  interval: number | "stamped",
): Recording | UnreadableRecording {
  const first = items[0];
  if (first === undefined) return unreadable(firstFault ?? "it is empty");
  const moments = interval === "stamped"
    ? stampedMoments(items)
    : items.map((_, index) => index * interval);
  const lastMs = moments.at(-1) ?? 0;
  const passMs = interval === "stamped" ? lastMs + PASS_GAP_MS : lastMs + interval;
  return {
    version: first.payload.version,
    length: items.length,
    passMs,
    hasAlarms: items.some(({ payload }) => payload.type === "ALARM"),
    skipped,
    firstFault,
    atMs: (index) => moments[index] ?? 0,
    step(index, pass) {
      const { bytes, payload } = items[index] ?? first;
      if (pass === 0 || bytes === undefined || interval !== "stamped") return { bytes, payload };
      const shifted = shiftTimestamp(bytes, pass * passMs);
      const again = decodeRecordedPayload(shifted);
      return { bytes: shifted, payload: again.type === "unusable" ? payload : again };
    },
  };
}

/**
 * Moments by time stamps. Alarms carry the time of their cause, up to seconds before the data between
 * which they were sent, so the latest time so far is what counts: taking each difference to the line
 * before, as the original did, would stretch a recording with many alarms to several times its length.
 *
 * Data carry the time at which they were sent. If that jumps, the controller was restarted, or the
 * recorder was away, or the line is damaged: the recording goes on from there, so that it neither plays
 * the rest at once nor is silent for days.
 */
function stampedMoments(items: readonly Untimed[]): number[] {
  let latest: number | undefined;
  let latestData: number | undefined;
  let momentMs = PASS_GAP_MS;
  return items.map(({ bytes, payload }) => {
    const stamp = bytes === undefined ? undefined : timestampOf(bytes);
    if (stamp === undefined) return momentMs;
    latest ??= stamp;
    if (payload.type === "DATA") {
      // The first data may only be earlier than the alarms before them.
      const isJump = latestData === undefined
        ? isJumpOf(latest, stamp) && isJumpOf(stamp, latest)
        : isJumpOf(latestData, stamp);
      if (isJump) {
        momentMs += PASS_GAP_MS;
        latest = stamp;
      }
      latestData = stamp;
    }
    if (isJumpOf(latest, stamp)) return momentMs;
    momentMs += elapsedMs(latest, stamp);
    latest = stamp;
    return momentMs;
  });
}

/** Whether a time stamp is earlier than another, or later by more than happens. */
function isJumpOf(from: number, to: number): boolean {
  return elapsedMs(from, to) > STAMP_JUMP_MS_MAX;
}

function unreadable(detail: string): UnreadableRecording {
  return { type: "unreadable", reason: `Cannot play recording: ${detail}` };
}
