/**
 * Payloads from recordings, which hold neither the frame nor its address.
 *
 * @module
 */

import { ADDRESSES, type FrameKind } from "./frame.ts";
import type { Field } from "./layout.ts";
import { TYPED_VERSION_MIN } from "./layouts.ts";
import { decodePayload, findLayout, type Payload, type Unusable } from "./payload.ts";
import { kindOfType } from "./payload_type.ts";

const TIMESTAMPS = 2 ** 32;

/**
 * The kind of frame that a payload came in, or `undefined` if no table has such a payload.
 *
 * Before version 0xA2 only the address told alarms from commands. What could be either is an alarm,
 * since recordings hold what the controller sent.
 */
export function kindOfRecorded(payload: Uint8Array): FrameKind | undefined {
  if ((payload[0] ?? 0) >= TYPED_VERSION_MIN) {
    const row = findLayout(payload, "data");
    return row === undefined ? undefined : kindOfType(row.type);
  }
  return (["alarm", "data"] as const).find((kind) => findLayout(payload, kind) !== undefined);
}

/** Reads a recorded payload. */
export function decodeRecordedPayload(payload: Uint8Array): Payload | Unusable {
  return decodePayload(payload, ADDRESSES[kindOfRecorded(payload) ?? "data"]);
}

/** Milliseconds from one time stamp to a later one, on a clock of 32 bits. */
export function elapsedMs(from: number, to: number): number {
  return (to - from + TIMESTAMPS) % TIMESTAMPS;
}

/** Time stamp of a payload, in milliseconds on the controller's clock; `undefined` if it has none. */
export function timestampOf(payload: Uint8Array): number | undefined {
  const field = timestampField(payload);
  return field === undefined ? undefined : viewOf(payload).getUint32(field.at, true);
}

/**
 * A copy of a payload with its time moved on, so that time keeps growing when a recording is repeated.
 * The time wraps at 2^32 ms, as the controller's does. Without a time stamp it is a mere copy.
 *
 * @param byMs Whole milliseconds.
 */
export function shiftTimestamp(payload: Uint8Array, byMs: number): Uint8Array<ArrayBuffer> {
  const shifted = new Uint8Array(payload);
  const field = timestampField(payload);
  if (field !== undefined) {
    const view = viewOf(shifted);
    view.setUint32(field.at, (view.getUint32(field.at, true) + byMs) % TIMESTAMPS, true);
  }
  return shifted;
}

function timestampField(payload: Uint8Array): Field | undefined {
  const kind = kindOfRecorded(payload);
  const row = kind === undefined ? undefined : findLayout(payload, kind);
  return row?.layout.fields.find((field) => field.name === "timestamp");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
