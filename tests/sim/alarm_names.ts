/**
 * The alarms of ventilators as the protocol's specification lists them.
 *
 * @module
 */

/** Names and priorities, by code from 1. */
const ALARMS: readonly (readonly [name: string, priority: 2 | 3])[] = [
  ["APNEA", 3],
  ["CHECK_VALVE_EXHALE", 3],
  ["CHECK_P_PATIENT", 3],
  ["EXPIRATION_SENSE_FAULT_OR_LEAK", 2],
  ["EXPIRATION_VALVE_LEAK", 2],
  ["HIGH_FIO2", 2],
  ["HIGH_PRESSURE", 3],
  ["HIGH_RR", 2],
  ["HIGH_VTE", 2],
  ["LOW_VTE", 2],
  ["HIGH_VTI", 2],
  ["LOW_VTI", 2],
  ["INTENTIONAL_STOP", 3],
  ["LOW_BATTERY", 3],
  ["LOW_FIO2", 3],
  ["OCCLUSION", 3],
  ["HIGH_PEEP", 3],
  ["LOW_PEEP", 3],
  ["AC_POWER_DISCONNECTION", 2],
  ["BATTERY_FAULT_SRVC", 2],
  ["BATTERY_CHARGE", 2],
  ["AIR_FAIL", 3],
  ["O2_FAIL", 3],
  ["PRESSURE_SENSOR_FAULT", 3],
  ["ARDUINO_FAIL", 3],
];
const PRIORITIES = ["", "PRIORITY_LOW", "PRIORITY_MEDIUM", "PRIORITY_HIGH"];

/** How many alarms all generations of the firmware have. */
export const ALARM_CODES = ALARMS.length;

/** What the host raises itself when the controller has fallen silent. */
export const FAILURE = "PRIORITY_HIGH ARDUINO_FAIL";

/**
 * An alarm as `PRIORITY NAME`.
 *
 * @param priority From 1 to 3; the one that the documents give if the controller says none.
 */
export function alarmName(code: number, priority?: number): string {
  const [name, documented] = ALARMS[code - 1] ?? ["ARDUINO_FAIL", 3];
  return `${PRIORITIES[priority ?? documented]} ${name}`;
}
