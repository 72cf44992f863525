/**
 * Packets of the NUL dialect: JSON with one byte 0x00 after it.
 *
 * @module
 */

import { type AlarmEntry, alarmEntry } from "./alarm_list.ts";
import type { FieldValue } from "./layout.ts";
import type { NameTable } from "./name_table.ts";
import type { Payload } from "./payload.ts";
import type { PayloadType } from "./payload_type.ts";
import { MODES, STATES, UNKNOWN_NAME } from "./states.ts";

/** What version 0xAA's server sends when it has been idle for 50 ms; all NUL clients accept it. */
export const KEEPALIVE_PACKET: Uint8Array<ArrayBuffer> = terminated('{"type":"keepalive"}');

/** Received, but never shown to clients. */
const NOT_BROADCAST: ReadonlySet<PayloadType> = new Set(["LOGMSG", "LOOP_STATUS"]);

/** Fields whose codes are written as names, and the names by version. */
const NAMED_FIELDS: ReadonlyMap<string, ReadonlyMap<number, NameTable>> = new Map([
  ["fsm_state", STATES],
  ["ventilation_mode", MODES],
  ["mode", MODES],
]);

/** Are payloads of this type sent to clients? */
export function isBroadcast(type: PayloadType): boolean {
  return !NOT_BROADCAST.has(type);
}

/**
 * Writes the packet of one payload.
 *
 * Numbers that are not finite become `null`, states and modes without a name `UNKNOWN`.
 *
 * @param alarms The alarms listed at present; the key is there even if there are none.
 */
export function encodeNulPacket(
  payload: Payload,
  alarms: readonly AlarmEntry[],
): Uint8Array<ArrayBuffer> {
  const { type } = payload;
  return terminated(JSON.stringify({ type, [type]: payloadObject(payload), alarms }));
}

function payloadObject(payload: Payload): Record<string, FieldValue> | AlarmEntry {
  const { version, type, values } = payload;
  if (type === "ALARM") return alarmEntry(payload);
  const object: Record<string, FieldValue> = {
    version,
    timestamp: values.timestamp ?? 0,
    payload_type: type,
    // Copied at once: adding one field after the other takes five times as long.
    ...values,
  };
  object.version = version;
  object.payload_type = type;
  for (const [name, tables] of NAMED_FIELDS) {
    const names = tables.get(version);
    if (names === undefined || !Object.hasOwn(object, name)) continue;
    object[name] = names.name(Number(object[name])) ?? UNKNOWN_NAME;
  }
  return object;
}

function terminated(json: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${json}\0`);
}
