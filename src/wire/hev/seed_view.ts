/**
 * The controller's values as the older clients know them, whatever its version.
 *
 * @module
 */

import type { FieldValues } from "./layout.ts";
import type { Payload } from "./payload.ts";

/** The keys of `sensors`, in the order of packets. Version 0xA1 adds `timestamp` after the second. */
export const SENSOR_KEYS = [
  "version",
  "fsm_state",
  "pressure_air_supply",
  "pressure_air_regulated",
  "pressure_o2_supply",
  "pressure_o2_regulated",
  "pressure_buffer",
  "pressure_inhale",
  "pressure_patient",
  "temperature_buffer",
  "pressure_diff_patient",
  "readback_valve_air_in",
  "readback_valve_o2_in",
  "readback_valve_inhale",
  "readback_valve_exhale",
  "readback_valve_purge",
  "readback_mode",
] as const;

/** A key of every packet's `sensors`. */
export type SensorKey = (typeof SENSOR_KEYS)[number];

/** The values of a packet; in the order of {@linkcode SENSOR_KEYS}, all of them finite. */
export type Sensors = Readonly<Record<SensorKey, number> & { timestamp?: number }>;

const TIMESTAMP_VERSION = 0xa1;

/** Where later versions keep what data payloads held before. */
const FROM_READBACK: readonly (readonly [SensorKey, string])[] = [
  ["readback_valve_air_in", "valve_air_in"],
  ["readback_valve_o2_in", "valve_o2_in"],
  ["readback_valve_inhale", "valve_inhale"],
  ["readback_valve_exhale", "valve_exhale"],
  ["readback_valve_purge", "valve_purge"],
  ["readback_mode", "ventilation_mode"],
];

/**
 * Gathers the values from the payloads of any version. What has never been received is 0, and so is
 * what is no finite number: the clients compute with all of them.
 */
export class SeedView {
  readonly #values = new Map<SensorKey, number>();
  #timestamp: number | undefined = undefined;
  #ready = false;

  /** Has there been a data payload? Before that, nothing may be sent to clients. */
  get ready(): boolean {
    return this.#ready;
  }

  /**
   * Takes over what a payload says.
   *
   * @return Whether the values are to be shown: after data, that is.
   */
  update(payload: Payload): "shown" | "kept" {
    if (payload.type === "READBACK") {
      for (const [key, name] of FROM_READBACK) this.#set(key, payload.values, name);
      return "kept";
    }
    if (payload.type !== "DATA") return "kept";
    for (const key of SENSOR_KEYS) this.#set(key, payload.values, key);
    const timestamp = payload.values.timestamp;
    this.#timestamp = payload.version === TIMESTAMP_VERSION && typeof timestamp === "number"
      ? timestamp
      : undefined;
    this.#ready = true;
    return "shown";
  }

  /** The values, in the order of packets. */
  sensors(): Sensors {
    const entries: [string, number][] = SENSOR_KEYS.map((key) => [key, this.#values.get(key) ?? 0]);
    if (this.#timestamp !== undefined) entries.splice(2, 0, ["timestamp", this.#timestamp]);
    return Object.fromEntries(entries) as Sensors;
  }

  #set(key: SensorKey, values: FieldValues, name: string): void {
    if (!Object.hasOwn(values, name)) return;
    const value = values[name];
    this.#values.set(key, typeof value === "number" && Number.isFinite(value) ? value : 0);
  }
}
