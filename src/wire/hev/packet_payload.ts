/**
 * Restores the payloads that packets were made of.
 *
 * @module
 */

import { ALARMS, documentedPriority, PRIORITIES } from "./alarms.ts";
import type { FieldValue } from "./layout.ts";
import { PAYLOAD_LAYOUTS } from "./layouts.ts";
import type { NameTable } from "./name_table.ts";
import type { HevPacket } from "./packet_reader.ts";
import { encodePayload } from "./payload.ts";
import { MODES, STATES } from "./states.ts";

/** Fields that packets have as names, and the names by version. */
const NAMED_FIELDS: ReadonlyMap<string, ReadonlyMap<number, NameTable>> = new Map([
  ["fsm_state", STATES],
  ["ventilation_mode", MODES],
  ["mode", MODES],
  ["alarm_code", ALARMS],
  ["alarm_type", new Map([...ALARMS.keys()].map((version) => [version, PRIORITIES]))],
]);

/**
 * The payload of a packet, or `undefined` if it has none: a keepalive, a name or length that no table
 * has, or fractions in an old version, which only played numbers can be.
 */
export function payloadOfPacket(packet: HevPacket): Uint8Array<ArrayBuffer> | undefined {
  if (!("values" in packet)) return undefined;
  const version = Number(packet.values["version"]);
  const type = packet.dialect === "seed" ? "DATA" : packet.type;
  const keys = new Set(Object.keys(packet.values));
  // The fields tell which of a version's layouts it was: the longest of which all are there.
  const row = PAYLOAD_LAYOUTS.filter((row) =>
    row.version === version && row.type === type &&
    row.layout.fields.every(({ name }) => keys.has(name) || isFilledIn(name))
  ).sort((a, b) => b.bytes - a.bytes)[0];
  if (row === undefined) return undefined;
  const values: Record<string, FieldValue> = {};
  for (const { name, type: fieldType } of row.layout.fields) {
    if (isFilledIn(name)) continue;
    const value = packet.values[name];
    const code = typeof value === "string" && packet.dialect === "nul"
      ? NAMED_FIELDS.get(name)?.get(version)?.code(value)
      : undefined;
    const field = code ?? value;
    if (typeof field !== "number" && typeof field !== "string") return undefined;
    if (typeof field === "number" && fieldType !== "f32" && !Number.isInteger(field)) {
      return undefined;
    }
    if ((typeof field === "string") !== fieldType.startsWith("text")) return undefined;
    values[name] = field;
  }
  return encodePayload({ version, type: row.type, values }, row.bytes);
}

/** An alarm that appeared in the list of a seed packet, as the payload that may have raised it. */
export function payloadOfAlarmName(
  version: number,
  name: string,
): Uint8Array<ArrayBuffer> | undefined {
  const alarm_code = ALARMS.get(version)?.code(name);
  if (alarm_code === undefined) return undefined;
  const alarm_type = PRIORITIES.code(documentedPriority(name)) ?? 0;
  const values = version === 0xa0 ? { alarm_code } : { alarm_code, alarm_type };
  return encodePayload({ version, type: "ALARM", values });
}

/** Whether encoding fills in a field. */
function isFilledIn(name: string): boolean {
  return name === "version" || name === "payload_type";
}
