import { strict as assert } from "node:assert";
import { unitOf } from "../../../src/wire/hev/units.ts";

Deno.test("unitOf knows measured fields by their tables, and leaves raw counts without a unit", () => {
  for (
    const [version, field, unit] of [
      [0xb6, "pressure_patient", "mbar"],
      [0xb6, "flow_calc", "mL/min"],
      [0xb6, "volume", "mL"],
      [0xb6, "temperature_buffer", undefined],
      [0xa0, "pressure_patient", undefined],
      [0xaa, "airway_pressure", "mbar"],
    ] as const
  ) assert.equal(unitOf({ version, type: "DATA", values: {} }, field), unit, `${version} ${field}`);
});
