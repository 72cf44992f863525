/**
 * Named payloads of the versions without recordings, with every field different.
 *
 * @module
 */

import { ADDRESSES } from "../../../src/wire/hev/frame.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";
import { hex } from "./frame_cases.ts";

/** A payload and its only spelling; `address` is that of its frame. */
export interface PayloadCase {
  name: string;
  address: number;
  bytes: Uint8Array<ArrayBuffer>;
  payload: Payload;
}

const { alarm, command, data } = ADDRESSES;

const COUNT_BYTES = "0102 0304 0506 0708 090a 0b0c 0d0e 0f10 1112 21 22 23 24 25 02";
const COUNTS = {
  pressure_air_supply: 0x0201,
  pressure_air_regulated: 0x0403,
  pressure_o2_supply: 0x0605,
  pressure_o2_regulated: 0x0807,
  pressure_buffer: 0x0a09,
  pressure_inhale: 0x0c0b,
  pressure_patient: 0x0e0d,
  temperature_buffer: 0x100f,
  pressure_diff_patient: 0x1211,
  readback_valve_air_in: 0x21,
  readback_valve_o2_in: 0x22,
  readback_valve_inhale: 0x23,
  readback_valve_exhale: 0x24,
  readback_valve_purge: 0x25,
  readback_mode: 2,
};

/** Payloads of versions 0xA0 and 0xA1, which have no type byte. */
export const PAYLOAD_CASES: readonly PayloadCase[] = [
  make("0xA0 data", data, "DATA", `a0 05 ${COUNT_BYTES}`, { fsm_state: 5, ...COUNTS }),
  make("0xA0 command", command, "CMD", "a0 01 78563412", { cmd_code: 1, param: 0x12345678 }),
  make("0xA0 alarm", alarm, "ALARM", "a0 07 78563412", { alarm_code: 7, param: 0x12345678 }),
  make("0xA1 data of three days", data, "DATA", `a1 05 ${COUNT_BYTES}`, {
    fsm_state: 5,
    ...COUNTS,
  }),
  make("0xA1 aligned data", data, "DATA", `a1 05 0000 44332211 ${COUNT_BYTES}`, {
    fsm_state: 5,
    timestamp: 0x11223344,
    ...COUNTS,
  }),
  make("0xA1 aligned command", command, "CMD", "a1 000000 44332211 02 08 0000 57040000", {
    timestamp: 0x11223344,
    cmd_type: 2,
    cmd_code: 8,
    param: 1111,
  }),
  make("0xA1 aligned alarm", alarm, "ALARM", "a1 000000 44332211 03 01 0000 01000000", {
    timestamp: 0x11223344,
    alarm_type: 3,
    alarm_code: 1,
    param: 1,
  }),
  make("0xA1 packed data", data, "DATA", `a1 44332211 05 ${COUNT_BYTES}`, {
    timestamp: 0x11223344,
    fsm_state: 5,
    ...COUNTS,
  }),
  make("0xA1 packed command", command, "CMD", "a1 44332211 02 08 57040000", {
    timestamp: 0x11223344,
    cmd_type: 2,
    cmd_code: 8,
    param: 1111,
  }),
  make("0xA1 packed alarm", alarm, "ALARM", "a1 44332211 03 01 01000000", {
    timestamp: 0x11223344,
    alarm_type: 3,
    alarm_code: 1,
    param: 1,
  }),
];

/** Payloads that no table knows, and the address that they come with. */
export const UNUSABLE_CASES: readonly { name: string; address: number; bytes: Uint8Array }[] = [
  { name: "an empty payload", address: data, bytes: hex("") },
  { name: "an unknown address", address: 0x00, bytes: hex("a00100000000") },
  { name: "0xA0 data cut short", address: data, bytes: new Uint8Array(25).fill(0xa0, 0, 1) },
  { name: "an alarm's payload at the data address", address: data, bytes: hex("a00100000000") },
  { name: "a version between two known ones", address: data, bytes: hex("a5000000000109") },
  { name: "0xAA THRESHOLDS, which has no layout", address: data, bytes: hex("aa0000000004") },
  { name: "0xB6 type 99", address: data, bytes: hex("b60000000063") },
  { name: "0xAA cut within its head", address: data, bytes: hex("aa00") },
  { name: "0xB6 data of 76 bytes", address: data, bytes: hex("b6000000000100".padEnd(152, "0")) },
  { name: "0xB6 CMD at the alarm address", address: alarm, bytes: hex("b60000000005010100000000") },
  { name: "0xAA ALARM at the data address", address: data, bytes: hex("aa0000000006030100000000") },
];

function make(
  name: string,
  address: number,
  type: Payload["type"],
  bytes: string,
  values: Record<string, number>,
): PayloadCase {
  const all = hex(bytes);
  const version = all[0] ?? 0;
  return { name, address, bytes: all, payload: { version, type, values: { version, ...values } } };
}
