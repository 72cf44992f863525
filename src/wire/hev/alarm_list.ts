/**
 * The alarms that are listed until somebody acknowledges them.
 *
 * @module
 */

import {
  ALARMS,
  B6_ALARMS,
  canonicalAlarmName,
  documentedPriority,
  PRIORITIES,
  UNKNOWN_ALARM,
} from "./alarms.ts";
import type { Payload } from "./payload.ts";

/** One listed alarm, with the fields of the NUL dialect in their order. */
export interface AlarmEntry {
  /** The version of the controller that raised it. */
  readonly version: number;
  /** Milliseconds on the controller's clock; 0 before version 0xA1, which had none. */
  readonly timestamp: number;
  /** Always `ALARM`. */
  readonly payload_type: "ALARM";
  /** The priority: `PRIORITY_LOW`, `PRIORITY_MEDIUM` or `PRIORITY_HIGH`. */
  readonly alarm_type: string;
  /** The name of the alarm, such as `APNEA`. */
  readonly alarm_code: string;
  /** What the controller says besides; its meaning depends on the alarm. */
  readonly param: number;
}

/** The most entries that are possible: each alarm once in each priority. */
export const ALARM_ENTRIES_MAX: number = B6_ALARMS.names.length * PRIORITIES.names.length;

/** The entry that an alarm payload makes. A code that its version does not have is `ARDUINO_FAIL`. */
export function alarmEntry(payload: Payload): AlarmEntry {
  const { version, values } = payload;
  const code = ALARMS.get(version)?.name(Number(values.alarm_code)) ?? UNKNOWN_ALARM;
  return {
    version,
    timestamp: Number(values.timestamp ?? 0),
    payload_type: "ALARM",
    alarm_type: PRIORITIES.name(Number(values.alarm_type ?? 0)) ?? documentedPriority(code),
    alarm_code: code,
    param: Number(values.param ?? 0),
  };
}

/** An `ARDUINO_FAIL` raised here, for a controller that has fallen silent. */
export function controllerFailure(version: number, timestamp: number): AlarmEntry {
  return {
    version,
    timestamp,
    payload_type: "ALARM",
    alarm_type: documentedPriority(UNKNOWN_ALARM),
    alarm_code: UNKNOWN_ALARM,
    param: 0,
  };
}

/**
 * The list. An alarm stays until it is acknowledged; raised again meanwhile, it keeps its place and
 * only its time and parameter change; raised again afterwards, it is listed again, at the end.
 *
 * The two dialects see the same list: the older one as names, each once, the newer one as entries of
 * which priority and name are the identity.
 */
export class AlarmList {
  /** By identity; a map keeps the place of a key whose value is replaced. */
  readonly #entries = new Map<string, AlarmEntry>();

  /** The number of entries, at most {@linkcode ALARM_ENTRIES_MAX}. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Lists an alarm.
   *
   * @return Whether it is new to the list.
   */
  raise(entry: AlarmEntry): "listed" | "updated" {
    const identity = identityOf(entry.alarm_type, entry.alarm_code);
    const outcome = this.#entries.has(identity) ? "updated" : "listed";
    if (this.#entries.size < ALARM_ENTRIES_MAX || outcome === "updated") {
      this.#entries.set(identity, entry);
    }
    return outcome;
  }

  /**
   * Removes an alarm in all its priorities, as the older dialect acknowledges.
   *
   * @return False if it was not listed.
   */
  acknowledge(name: string): boolean {
    const canonical = canonicalAlarmName(name);
    let found = false;
    for (const [identity, entry] of this.#entries) {
      if (entry.alarm_code === canonical) found = this.#entries.delete(identity) || found;
    }
    return found;
  }

  /**
   * Removes one entry, as the newer dialect acknowledges.
   *
   * @return False if it was not listed.
   */
  acknowledgeEntry(priority: string, name: string): boolean {
    return this.#entries.delete(identityOf(priority, canonicalAlarmName(name)));
  }

  /** The names, in order of first arrival, each once. */
  names(): string[] {
    return [...new Set(this.#entries.values().map((entry) => entry.alarm_code))];
  }

  /** The entries, in order of first arrival. */
  entries(): AlarmEntry[] {
    return [...this.#entries.values()];
  }
}

function identityOf(priority: string, name: string): string {
  return `${priority} ${name}`;
}
