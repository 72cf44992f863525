/**
 * The units of measured fields.
 *
 * @module
 */

import { PAYLOAD_LAYOUTS } from "./layouts.ts";
import type { Payload } from "./payload.ts";

/** Units by field name, as the originals' recordings name them. */
const UNITS: Readonly<Record<string, string>> = {
  pressure_patient: "mbar",
  airway_pressure: "mbar",
  flow: "mL/min",
  flow_calc: "mL/min",
  volume: "mL",
};

/**
 * The unit of a field in payloads like this one.
 *
 * @return `undefined` for a raw count of a converter, which is what fields of whole numbers hold.
 */
export function unitOf({ version, type }: Payload, name: string): string | undefined {
  const isMeasured = PAYLOAD_LAYOUTS.some((row) =>
    row.version === version && row.type === type &&
    row.layout.fields.some((field) => field.name === name && field.type === "f32")
  );
  return isMeasured ? UNITS[name] : undefined;
}
