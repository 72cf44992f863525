import { strict as assert } from "node:assert";
import { type AlarmEntry, controllerFailure } from "../../../src/wire/hev/alarm_list.ts";
import { A1_ALARMS, B6_ALARMS, documentedPriority } from "../../../src/wire/hev/alarms.ts";
import { readPayloadDump } from "../../../src/wire/hev/dump_payloads.ts";
import { readRecordDump } from "../../../src/wire/hev/dump_records.ts";
import { decodeRecordedPayload } from "../../../src/wire/hev/recorded_payload.ts";
import { encodeSeedPacket, SEED_READ_BYTES } from "../../../src/wire/hev/seed_packet.ts";
import { SeedView, SENSOR_KEYS, type Sensors } from "../../../src/wire/hev/seed_view.ts";
import { dumpBytes, dumpText } from "./dumps.ts";

function sensorsOf(...payloads: readonly (Uint8Array | undefined)[]): Sensors {
  const view = new SeedView();
  for (const bytes of payloads) {
    const payload = decodeRecordedPayload(bytes ?? new Uint8Array());
    assert.ok(payload.type !== "unusable");
    view.update(payload);
  }
  return view.sensors();
}

function entry(alarm_code: string): AlarmEntry {
  return { ...controllerFailure(0xa0, 0), alarm_code, alarm_type: documentedPriority(alarm_code) };
}

const record0 = sensorsOf(readRecordDump(dumpBytes("byteArray.dump")).items[0]);
/** Counts of 16 bits and of 8 bits at their largest. */
const largest = Object.fromEntries(
  SENSOR_KEYS.map((key) => {
    if (key === "version") return [key, 160];
    if (key === "fsm_state") return [key, 255];
    return [key, key.startsWith("readback") ? 255 : 65535];
  }),
) as Sensors;
const all = A1_ALARMS.names.map(entry);

function read(packet: Uint8Array): { sensors: Record<string, number>; alarms: string[] } {
  return JSON.parse(new TextDecoder().decode(packet));
}

Deno.test("encodeSeedPacket writes record 0 of the dump as documented", () => {
  const text = new TextDecoder().decode(encodeSeedPacket(record0, []));
  assert.equal(
    text,
    '{"sensors":{"version":160,"fsm_state":0,"pressure_air_supply":0,"pressure_air_regulated":0,' +
      '"pressure_o2_supply":0,"pressure_o2_regulated":0,"pressure_buffer":145,' +
      '"pressure_inhale":143,"pressure_patient":0,"temperature_buffer":0,' +
      '"pressure_diff_patient":0,"readback_valve_air_in":0,"readback_valve_o2_in":0,' +
      '"readback_valve_inhale":0,"readback_valve_exhale":0,"readback_valve_purge":1,' +
      '"readback_mode":0},"alarms":[]}',
  );
});

Deno.test("encodeSeedPacket makes packets of the documented sizes", () => {
  // The documents measured the first record as the oldest server read it: two numbers are longer.
  const oldest = readRecordDump(dumpBytes("byteArray.dump"), { byteOrder: "big-endian" });
  const bigEndian = sensorsOf(oldest.items[0]);
  const sizes = [
    encodeSeedPacket(bigEndian, []),
    encodeSeedPacket(bigEndian, [entry("APNEA")]),
    encodeSeedPacket(largest, []),
    encodeSeedPacket(largest, all),
  ].map((packet) => packet.length);
  assert.deepEqual(sizes, [417, 424, 459, 844]);
});

Deno.test("encodeSeedPacket writes each alarm's name once", () => {
  const twice = [entry("APNEA"), { ...entry("APNEA"), alarm_type: "PRIORITY_LOW" }];
  assert.deepEqual(read(encodeSeedPacket(record0, twice)).alarms, ["APNEA"]);
});

Deno.test("encodeSeedPacket shortens fractions before it leaves out anything", () => {
  const { items } = readPayloadDump(dumpText("dump-AA-20200526.dump"));
  const data = items.findLast((bytes) => bytes[5] === 1);
  const sensors = sensorsOf(items.find((bytes) => bytes[5] === 2), data);
  const exact = encodeSeedPacket(sensors, []);
  assert.deepEqual(read(exact).sensors, sensors);
  const short = encodeSeedPacket(sensors, [], { bytesMax: exact.length - 1 });
  assert.ok(short.length < exact.length);
  for (const key of SENSOR_KEYS) {
    assert.equal(Math.fround(read(short).sensors[key] ?? NaN), sensors[key]);
  }
});

Deno.test("encodeSeedPacket keeps the most urgent alarms when not all fit", () => {
  for (const bytesMax of Object.values(SEED_READ_BYTES)) {
    const packet = encodeSeedPacket(largest, all, { bytesMax });
    assert.ok(packet.length <= bytesMax);
    const { sensors, alarms } = read(packet);
    assert.deepEqual(sensors, largest);
    assert.ok(alarms.length > 0);
    assert.ok(alarms.every((name) => documentedPriority(name) === "PRIORITY_HIGH"));
    assert.deepEqual(alarms, A1_ALARMS.names.filter((name) => alarms.includes(name)), "in order");
  }
});

Deno.test("encodeSeedPacket leaves alarms alone while all fit", () => {
  const few = ["HIGH_RR", "APNEA"].map(entry);
  const { length } = encodeSeedPacket(largest, few);
  assert.deepEqual(read(encodeSeedPacket(largest, few, { bytesMax: length })).alarms, [
    "HIGH_RR",
    "APNEA",
  ]);
  const one = encodeSeedPacket(largest, few, { bytesMax: length - 1 });
  assert.deepEqual(read(one).alarms, ["APNEA"]);
});

Deno.test("encodeSeedPacket gives up digits before alarms, and ARDUINO_FAIL last of all", () => {
  const view = new SeedView();
  const values = Object.fromEntries(SENSOR_KEYS.map((key) => [key, 207.2357177734375]));
  view.update({ version: 0xb6, type: "DATA", values });
  const raised = [...B6_ALARMS.names, "ARDUINO_FAIL"].slice(1).map((alarm_code) => ({
    ...controllerFailure(0xb6, 0),
    alarm_code,
  }));
  const few = raised.slice(0, 3);
  const packetOf = (alarms: typeof raised, bytesMax: number) => {
    const packet = encodeSeedPacket(view.sensors(), alarms, { bytesMax });
    assert.ok(packet.length <= bytesMax);
    return JSON.parse(new TextDecoder().decode(packet));
  };
  const short = packetOf(few, 560);
  assert.equal(short.alarms.length, 3);
  assert.ok(Math.abs(short.sensors.pressure_buffer - 207.2357) < 0.05);
  const crowded = packetOf(raised, 560).alarms;
  assert.ok(crowded.includes("ARDUINO_FAIL"));
  assert.ok(crowded.length < raised.length);
});

Deno.test("encodeSeedPacket fills a packet to its last byte with alarms", () => {
  const alarms = ["APNEA", "CHECK_VALVE_EXHALE", "CHECK_P_PATIENT"].map((name) => ({
    ...entry(name),
    alarm_type: "PRIORITY_HIGH",
  }));
  const sizes = [0, 1, 2, 3].map((count) =>
    encodeSeedPacket(record0, alarms.slice(0, count)).length
  );
  for (let bytesMax = sizes[0] ?? 0; bytesMax <= (sizes[3] ?? 0); bytesMax++) {
    const packet = encodeSeedPacket(record0, alarms, { bytesMax });
    assert.equal(read(packet).alarms.length, sizes.findLastIndex((size) => size <= bytesMax));
    assert.ok(packet.length <= bytesMax);
  }
});
