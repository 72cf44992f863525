/**
 * The types of payloads, by the names that also appear in packets.
 *
 * @module
 */

import type { FrameKind } from "./frame.ts";
import { NameTable } from "./name_table.ts";

/** The types that have a layout in at least one version. */
export type PayloadType =
  | "DATA"
  | "READBACK"
  | "CYCLE"
  | "CMD"
  | "ALARM"
  | "DEBUG"
  | "IVT"
  | "LOGMSG"
  | "TARGET"
  | "BATTERY"
  | "LOOP_STATUS"
  | "PERSONAL";

/** Codes of the payload types, byte 5 of payloads since version 0xA2. */
export const PAYLOAD_TYPES: NameTable = new NameTable(`
  UNSET=0 DATA=1 READBACK=2 CYCLE=3 THRESHOLDS=4 CMD=5 ALARM=6 DEBUG=7 IVT=8 LOGMSG=9
  TARGET=10 BATTERY=11 LOOP_STATUS=12 PERSONAL=13 ALARM_MUTE=14 BAD_THRESHOLD=15
`);

/** The kind of frame that carries payloads of a type. */
export function kindOfType(type: PayloadType): FrameKind {
  switch (type) {
    case "ALARM":
      return "alarm";
    case "CMD":
      return "command";
    default:
      return "data";
  }
}

/** The type of payloads that a kind of frame carried before payloads had a type byte. */
export function typeOfKind(kind: FrameKind): PayloadType {
  switch (kind) {
    case "alarm":
      return "ALARM";
    case "command":
      return "CMD";
    case "data":
      return "DATA";
  }
}
