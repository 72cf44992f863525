/**
 * Packets of the seed dialect: bare JSON, one document for each read of the client.
 *
 * @module
 */

import { PRIORITIES, UNKNOWN_ALARM } from "./alarms.ts";
import type { AlarmEntry } from "./alarm_list.ts";
import type { Sensors } from "./seed_view.ts";

/**
 * What the old clients take in one read, in bytes: the oldest read 500, the others 600. A longer packet
 * is two broken documents to them, and they stop to show anything.
 */
export const SEED_READ_BYTES: Readonly<Record<"oldest" | "others", number>> = {
  oldest: 500,
  others: 600,
};

/** Options of {@linkcode encodeSeedPacket}. */
export interface SeedPacketOptions {
  /**
   * The length that a packet should not exceed; no limit if not given. To keep it, fractions are
   * shortened, down to four digits, and if that is not enough, alarms are left out, the least urgent
   * and latest first; they appear when others have been acknowledged. Sensors are never left out.
   */
  bytesMax?: number;
}

const textEncoder = new TextEncoder();

/**
 * Significant digits of fractions, tried one after the other: 9 tell any two single-precision floats
 * apart, 4 are what the controller's converters of 12 bits can tell. An alarm more is worth more.
 */
const DIGITS = [9, 6, 4] as const;

/**
 * Writes a packet: compact JSON, `sensors` then `alarms`, nothing after it. Both keys are always
 * there, since a packet without one ends the old clients.
 *
 * @param alarms In order of arrival; each name is written once.
 */
export function encodeSeedPacket(
  sensors: Sensors,
  alarms: readonly AlarmEntry[],
  options: SeedPacketOptions = {},
): Uint8Array<ArrayBuffer> {
  const { bytesMax = Infinity } = options;
  const names = [...new Set(alarms.map((alarm) => alarm.alarm_code))];
  let text = packetText(sensors, names);
  // All characters are ASCII: names come from the tables.
  let short = sensors;
  for (const digits of DIGITS) {
    if (text.length <= bytesMax) break;
    short = shortened(sensors, digits);
    text = packetText(short, names);
  }
  if (text.length > bytesMax) {
    const room = bytesMax - packetText(short, []).length;
    text = packetText(short, fitting(names, alarms, room));
  }
  return textEncoder.encode(text);
}

function packetText(sensors: Sensors, alarms: readonly string[]): string {
  return JSON.stringify({ sensors, alarms });
}

function shortened(sensors: Sensors, digits: number): Sensors {
  const entries = Object.entries(sensors).map(([key, value]) => [
    key,
    Number.isInteger(value) ? value : Number(value.toPrecision(digits)),
  ]);
  return Object.fromEntries(entries) as Sensors;
}

/** The names that fit into `room` bytes, most urgent first chosen, in their old order. */
function fitting(names: readonly string[], alarms: readonly AlarmEntry[], room: number): string[] {
  const priorities = new Map<string, number>();
  for (const { alarm_code, alarm_type } of alarms) {
    const priority = PRIORITIES.code(alarm_type) ?? 0;
    priorities.set(alarm_code, Math.max(priority, priorities.get(alarm_code) ?? 0));
  }
  // Sorting is stable: among equals the first to arrive stays first.
  const urgent = names.toSorted((a, b) => (priorities.get(b) ?? 0) - (priorities.get(a) ?? 0));
  // That the controller has failed makes all others old news.
  if (urgent.includes(UNKNOWN_ALARM)) urgent.unshift(UNKNOWN_ALARM);
  const chosen = new Set<string>();
  let used = 0;
  for (const name of new Set(urgent)) {
    const bytes = JSON.stringify(name).length + (chosen.size === 0 ? 0 : 1);
    if (used + bytes > room) break;
    used += bytes;
    chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}
