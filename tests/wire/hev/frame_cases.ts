/**
 * Named frames: what the encoder must write, what the decoder must read, what fuzzing starts from.
 *
 * @module
 */

import { concatenate } from "../../../src/wire/bytes/concatenate.ts";
import type { FrameEvent } from "../../../src/wire/hev/frame_decoder.ts";
import { ADDRESSES, type Frame } from "../../../src/wire/hev/frame.ts";

/** A frame and its only spelling on the line. */
export interface FrameCase {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  frame: Frame;
}

/** A piece of a stream and what is found in it. */
export interface StreamCase {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  events: FrameEvent[];
}

const { alarm, command, data } = ADDRESSES;

/** The frames of the protocol's documents. */
export const FRAME_CASES: readonly FrameCase[] = [
  ack("ACK of a data frame with N(S)=0", "7e 40 02 01 83 e2 7e", data, 1),
  ack("ACK of N(S)=127 wraps to 0", "7e 40 00 01 33 d1 7e", data, 0),
  nack("NACK of data", "7e 40 02 05 a7 a4 7e", data, 1),
  ack("ACK of an alarm with N(S)=0", "7e c0 02 01 6f ee 7e", alarm, 1),
  ack("ACK at the command address", "7e 80 00 01 a9 db 7e", command, 0),
  info(
    "0xA0 data, record 0 of the dump",
    "7e400000a000000000000000000091008f0000000000000000000000010074c07e",
    data,
    0,
    "a000000000000000000091008f00000000000000000000000100",
  ),
  info("0xA0 START", "7e800000a00100000000b6fe7e", command, 0, "a00100000000"),
  info("0xA0 STOP, N(S)=1", "7e800002a00200000000c1d47e", command, 1, "a00200000000"),
  info("0xA0 alarm APNEA", "7ec00000a00100000000d5187e", alarm, 0, "a00100000000"),
  info(
    "0xA1 GENERAL START, checksum escaped",
    "7e800000a1000000000000000101000000000000277d5e7e",
    command,
    0,
    "a1000000000000000101000000000000",
  ),
  info(
    "0xA1 SET_TIMEOUT INHALE 1111",
    "7e800000a100000000000000020800005704000098547e",
    command,
    0,
    "a1000000000000000208000057040000",
  ),
  info(
    "0xAA GENERAL START",
    "7e800000aa000000000501010000000013717e",
    command,
    0,
    "aa0000000005010100000000",
  ),
  info(
    "0xB6 GENERAL START",
    "7e800000b60000000005010100000000516b7e",
    command,
    0,
    "b60000000005010100000000",
  ),
  info(
    "0xA0 data with flags and escapes in its values, N(S)=8",
    "7e400010a00200000000000000007d5d7d5e7d5e7d5d00000000000000000000010094a27e",
    data,
    8,
    "a00200000000000000007d7e7e7d000000000000000000000100",
  ),
];

const ACK = hex("7e400201 83e2 7e");
const ACKED: Frame = { kind: "acknowledgement", address: data, number: 1 };
const NACK = hex("7e400205 a7a4 7e");
const NACKED: Frame = { kind: "refusal", address: data, number: 1 };

/** What else comes down a line. */
export const STREAM_CASES: readonly StreamCase[] = [
  { name: "flags alone", bytes: hex("7e7e7e7e"), events: [] },
  { name: "two frames with doubled flags", bytes: join(ACK, NACK), events: [ACKED, NACKED] },
  {
    name: "two frames that share a flag",
    bytes: join(ACK, NACK.subarray(1)),
    events: [ACKED, NACKED],
  },
  { name: "a lone flag before a frame", bytes: join(hex("7e"), ACK), events: [ACKED] },
  {
    name: "a lone flag between frames",
    bytes: join(ACK, hex("7e"), NACK),
    events: [ACKED, NACKED],
  },
  {
    name: "the end flag missing",
    bytes: join(ACK.subarray(0, -1), NACK),
    events: [ACKED, NACKED],
  },
  {
    name: "garbage before the first flag",
    bytes: join(hex("0102037d"), ACK),
    events: [noise("outside", 4), ACKED],
  },
  {
    name: "garbage between frames",
    bytes: join(ACK, hex("4865 6c6c 6f21"), NACK),
    events: [ACKED, noise("broken", 6), NACKED],
  },
  {
    name: "garbage in a frame costs that frame only",
    bytes: join(hex("7e40020183ff7e"), NACK),
    events: [noise("broken", 5), NACKED],
  },
  {
    name: "a flag in the middle of a frame costs that frame only",
    bytes: join(hex("7e40027e0183e27e"), NACK),
    events: [noise("short", 2), noise("short", 3), NACKED],
  },
  {
    name: "four bytes between flags",
    bytes: hex("7e400201837e"),
    events: [noise("short", 4)],
  },
  {
    name: "an escape before a flag",
    bytes: join(hex("7e40020183e27d7e"), NACK),
    events: [noise("broken", 6), NACKED],
  },
  {
    name: "one byte more than the largest frame",
    bytes: join(hex("7e"), new Uint8Array(127), ACK),
    events: [noise("long", 127), ACKED],
  },
  {
    name: "a stream without flags for a long time",
    bytes: join(hex("7e"), new Uint8Array(100_000).fill(0x7d), ACK),
    events: [noise("long", 100_000), ACKED],
  },
];

/** Bytes of hexadecimal digits; spaces are for the reader. */
export function hex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(digits.replaceAll(" ", ""));
}

/** All parts as one. */
export function join(...parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  return concatenate(parts);
}

function ack(name: string, bytes: string, address: number, number: number): FrameCase {
  return { name, bytes: hex(bytes), frame: { kind: "acknowledgement", address, number } };
}

function nack(name: string, bytes: string, address: number, number: number): FrameCase {
  return { name, bytes: hex(bytes), frame: { kind: "refusal", address, number } };
}

function info(
  name: string,
  bytes: string,
  address: number,
  number: number,
  payload: string,
): FrameCase {
  const frame: Frame = { kind: "information", address, number, payload: hex(payload) };
  return { name, bytes: hex(bytes), frame };
}

function noise(reason: "outside" | "short" | "long" | "broken", bytes: number): FrameEvent {
  return { kind: "noise", reason, bytes };
}
