import { strict as assert } from "node:assert";
import { readPayloadDump } from "../../../src/wire/hev/dump_payloads.ts";
import { readRecordDump } from "../../../src/wire/hev/dump_records.ts";
import { payloadOfRow } from "../../../src/wire/hev/dump_rows.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";
import { decodeRecordedPayload } from "../../../src/wire/hev/recorded_payload.ts";
import { SeedView, SENSOR_KEYS } from "../../../src/wire/hev/seed_view.ts";
import { dumpBytes, dumpText } from "./dumps.ts";

function decoded(bytes: Uint8Array): Payload {
  const payload = decodeRecordedPayload(bytes);
  assert.ok(payload.type !== "unusable");
  return payload;
}

Deno.test("SeedView is ready after the first data, not before", () => {
  const view = new SeedView();
  assert.equal(view.update({ version: 0xaa, type: "ALARM", values: {} }), "kept");
  assert.equal(
    view.update({ version: 0xaa, type: "READBACK", values: { valve_o2_in: 1 } }),
    "kept",
  );
  assert.equal(view.ready, false);
  assert.equal(view.update({ version: 0xaa, type: "DATA", values: {} }), "shown");
  assert.equal(view.ready, true);
  assert.equal(view.sensors().readback_valve_o2_in, 1);
});

Deno.test("SeedView shows a record of version 0xA0 as it is", () => {
  const view = new SeedView();
  const record = readRecordDump(dumpBytes("byteArray.dump")).items[0];
  assert.ok(record !== undefined);
  view.update(decoded(record));
  assert.deepEqual(Object.keys(view.sensors()), [...SENSOR_KEYS]);
  assert.equal(view.sensors().version, 160);
  assert.equal(view.sensors().pressure_buffer, 145);
});

Deno.test("SeedView shows the time stamp of version 0xA1 and of no other", () => {
  const view = new SeedView();
  view.update({ version: 0xa1, type: "DATA", values: { version: 0xa1, timestamp: 7 } });
  assert.deepEqual(Object.keys(view.sensors()).slice(0, 3), ["version", "fsm_state", "timestamp"]);
  assert.equal(view.sensors().timestamp, 7);
  view.update({ version: 0xaa, type: "DATA", values: { version: 0xaa, timestamp: 8 } });
  assert.equal(view.sensors().timestamp, undefined);
  assert.equal(Object.keys(view.sensors()).length, 17);
});

Deno.test("SeedView fills valves and mode of later versions from READBACK", () => {
  const view = new SeedView();
  const { items } = readPayloadDump(dumpText("dump-AA-20200526.dump"));
  const payloads = items.map(decoded);
  for (const payload of payloads) view.update(payload);
  const readback = payloads.findLast(({ type }) => type === "READBACK")?.values ?? {};
  const data = payloads.findLast(({ type }) => type === "DATA")?.values ?? {};
  const sensors = view.sensors();
  assert.equal(sensors.version, 170);
  assert.equal(sensors.fsm_state, data.fsm_state);
  assert.equal(sensors.pressure_diff_patient, data.pressure_diff_patient);
  assert.equal(sensors.readback_valve_air_in, readback.valve_air_in);
  assert.equal(sensors.readback_valve_exhale, readback.valve_exhale);
  assert.equal(sensors.readback_mode, readback.ventilation_mode);
});

Deno.test("SeedView shows 0 for what is no finite number", () => {
  const view = new SeedView();
  const values = { pressure_buffer: NaN, pressure_inhale: Infinity, pressure_patient: "1" };
  view.update({ version: 0xaa, type: "DATA", values });
  assert.ok(Object.values(view.sensors()).every((value) => value === 0));
});

Deno.test("SeedView shows rows of numbers with their fractions", () => {
  const view = new SeedView();
  view.update(payloadOfRow({ time: 20, pressure: 20.25, flow: 723.5, volume: 168.75 }));
  const { version, pressure_buffer, pressure_inhale, temperature_buffer, ...others } = view
    .sensors();
  assert.deepEqual(
    [version, pressure_buffer, pressure_inhale, temperature_buffer],
    [160, 20.25, 168.75, 723.5],
  );
  assert.ok(Object.values(others).every((value) => value === 0));
});
