/**
 * Payloads: what a frame carries, as named values.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { type FrameKind, kindOfAddress } from "./frame.ts";
import type { FieldValues } from "./layout.ts";
import { PAYLOAD_LAYOUTS, type PayloadLayout, TYPED_VERSION_MIN } from "./layouts.ts";
import { kindOfType, PAYLOAD_TYPES, type PayloadType, typeOfKind } from "./payload_type.ts";

/** A decoded payload. */
export interface Payload {
  /** First byte: the generation of the firmware, such as 0xA0. */
  readonly version: number;
  /** What it is about. */
  readonly type: PayloadType;
  /** Every field by its name in the tables, `version` included; padding left out. */
  readonly values: FieldValues;
}

/** A payload that no table knows: the frame was fine, what it carries is foreign. */
export interface Unusable {
  /** Always `unusable`. */
  readonly type: "unusable";
  /** A sentence for the log. */
  readonly reason: string;
}

const BY_KEY: ReadonlyMap<number, PayloadLayout> = new Map(
  PAYLOAD_LAYOUTS.map((row) => {
    assert(row.bytes === row.layout.bytes, `${row.type} of ${row.bytes} bytes is as documented`);
    return [keyOf(row.version, row.type, row.bytes), row];
  }),
);

/**
 * Reads a payload by the address of its frame, its version, type and length.
 *
 * @param address The address byte of the frame, 0 to 255.
 */
export function decodePayload(payload: Uint8Array, address: number): Payload | Unusable {
  const kind = kindOfAddress(address);
  if (kind === undefined) return unusable(payload, `address ${hex(address)} is unknown`);
  const row = findLayout(payload, kind);
  if (row === undefined) {
    return unusable(payload, `no type of version ${hex(payload[0] ?? 0)} has this length`);
  }
  if (kindOfType(row.type) !== kind) {
    return unusable(payload, `${row.type} does not belong to address ${hex(address)}`);
  }
  return { version: row.version, type: row.type, values: row.layout.decode(payload) };
}

/**
 * The layout of a payload by its version, type and length, or `undefined` if no table has it.
 *
 * @param kind What tells the type before version 0xA2, when payloads did not.
 */
export function findLayout(payload: Uint8Array, kind: FrameKind): PayloadLayout | undefined {
  const version = payload[0] ?? 0;
  const type = version < TYPED_VERSION_MIN ? typeOfKind(kind) : PAYLOAD_TYPES.name(payload[5] ?? 0);
  return type === undefined ? undefined : BY_KEY.get(keyOf(version, type, payload.length));
}

/**
 * Writes a payload. `version` and `payload_type` are filled in, other fields without a value are 0.
 *
 * @param bytes Which layout, where a version has several of a type; the shortest if not given.
 * @throws {RangeError} if no table has such a payload.
 */
export function encodePayload(payload: Payload, bytes?: number): Uint8Array<ArrayBuffer> {
  const { version, type } = payload;
  const row = bytes === undefined
    ? PAYLOAD_LAYOUTS.find((row) => row.version === version && row.type === type)
    : BY_KEY.get(keyOf(version, type, bytes));
  if (row === undefined) {
    throw new RangeError(`Cannot encode payload: version ${hex(version)} has no such ${type}`);
  }
  const payloadType = PAYLOAD_TYPES.code(type) ?? 0;
  return row.layout.encode({ ...payload.values, version, payload_type: payloadType });
}

function keyOf(version: number, type: string, bytes: number): number {
  return ((version << 8) | (PAYLOAD_TYPES.code(type) ?? 0)) * 0x100 + bytes;
}

function unusable(payload: Uint8Array, detail: string): Unusable {
  return { type: "unusable", reason: `Cannot use payload of ${payload.length} bytes: ${detail}` };
}

function hex(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
