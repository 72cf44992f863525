/**
 * Names, codes and priorities of the alarms.
 *
 * @module
 */

import { NameTable } from "./name_table.ts";

/** The priority byte of alarms since version 0xA1. */
export const PRIORITIES: NameTable = new NameTable(
  "PRIORITY_LOW=1 PRIORITY_MEDIUM=2 PRIORITY_HIGH=3",
);

/** The alarm shown for a code that is in no table. */
export const UNKNOWN_ALARM = "ARDUINO_FAIL";

/** Alarms of versions 0xA0 and 0xA1. */
export const A1_ALARMS: NameTable = new NameTable(`
  APNEA=1 CHECK_VALVE_EXHALE=2 CHECK_P_PATIENT=3 EXPIRATION_SENSE_FAULT_OR_LEAK=4
  EXPIRATION_VALVE_LEAK=5 HIGH_FIO2=6 HIGH_PRESSURE=7 HIGH_RR=8 HIGH_VTE=9 LOW_VTE=10 HIGH_VTI=11
  LOW_VTI=12 INTENTIONAL_STOP=13 LOW_BATTERY=14 LOW_FIO2=15 OCCLUSION=16 HIGH_PEEP=17 LOW_PEEP=18
  AC_POWER_DISCONNECTION=19 BATTERY_FAULT_SRVC=20 BATTERY_CHARGE=21 AIR_FAIL=22 O2_FAIL=23
  PRESSURE_SENSOR_FAULT=24 ARDUINO_FAIL=25
`);

/** Alarms of version 0xAA. */
export const AA_ALARMS: NameTable = new NameTable(`UNKNOWN=0 ${A1_ALARMS}`);

/**
 * Alarms of version 0xB6. The codes never changed, so these are also all alarms of all versions. The
 * documents' 32 is a bound of the firmware's own tables, no alarm.
 */
export const B6_ALARMS: NameTable = new NameTable(`
  ${AA_ALARMS}
  ALARM_TEST=26 HIGH_VME=27 LOW_VME=28 HIGH_VMI=29 LOW_VMI=30 EXTENDED_HIGH_PRESSURE=31
`);

/** Alarms by version. */
export const ALARMS: ReadonlyMap<number, NameTable> = new Map([
  [0xa0, A1_ALARMS],
  [0xa1, A1_ALARMS],
  [0xaa, AA_ALARMS],
  [0xb6, B6_ALARMS],
]);

/** Medium where the sources say so, high otherwise; counts only where the wire has no priority. */
const MEDIUM_ALARMS: ReadonlySet<string> = new Set([
  "EXPIRATION_SENSE_FAULT_OR_LEAK",
  "EXPIRATION_VALVE_LEAK",
  "HIGH_FIO2",
  "HIGH_RR",
  "HIGH_VTE",
  "LOW_VTE",
  "HIGH_VTI",
  "LOW_VTI",
  "AC_POWER_DISCONNECTION",
  "BATTERY_FAULT_SRVC",
  "BATTERY_CHARGE",
  "HIGH_VME",
  "LOW_VME",
  "HIGH_VMI",
  "LOW_VMI",
]);

/** The name that a request means: one generation of clients spells one name in its own way. */
export function canonicalAlarmName(name: string): string {
  return name === "EXPIRATION_VALVE_Leak" ? "EXPIRATION_VALVE_LEAK" : name;
}

/** The priority of an alarm that came without one. */
export function documentedPriority(name: string): string {
  return MEDIUM_ALARMS.has(name) ? "PRIORITY_MEDIUM" : "PRIORITY_HIGH";
}
