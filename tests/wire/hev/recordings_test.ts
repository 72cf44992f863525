import { strict as assert } from "node:assert";
import { crc32 } from "node:zlib";
import { ALARMS, PRIORITIES } from "../../../src/wire/hev/alarms.ts";
import { readPayloadDump, writePayloadDump } from "../../../src/wire/hev/dump_payloads.ts";
import { readRecordDump, writeRecordDump } from "../../../src/wire/hev/dump_records.ts";
import { readRowDump, writeRowDump } from "../../../src/wire/hev/dump_rows.ts";
import { encodePayload, type Payload } from "../../../src/wire/hev/payload.ts";
import { decodeRecordedPayload, timestampOf } from "../../../src/wire/hev/recorded_payload.ts";
import { STATES } from "../../../src/wire/hev/states.ts";
import { dumpBytes, dumpText } from "./dumps.ts";

function payloadsOf(all: readonly Uint8Array[]): Payload[] {
  return all.map((bytes) => {
    const payload = decodeRecordedPayload(bytes);
    assert.ok(payload.type !== "unusable");
    return payload;
  });
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

Deno.test("byteArray.dump holds 100 data records with the documented values", () => {
  const bytes = dumpBytes("byteArray.dump");
  assert.equal(crc32(bytes), 0xcbc93f12);
  const dump = readRecordDump(bytes);
  assert.equal(dump.skipped, 0);
  assert.equal(dump.items.length, 100);
  const values = payloadsOf(dump.items).map((payload) => {
    assert.equal(payload.type, "DATA");
    return payload.values;
  });
  const shown = (index: number) => {
    const { pressure_buffer, pressure_inhale, readback_valve_purge } = values[index] ?? {};
    return [pressure_buffer, pressure_inhale, readback_valve_purge];
  };
  assert.deepEqual([0, 1, 2, 3, 99].map(shown), [
    [145, 143, 1],
    [144, 145, 1],
    [144, 143, 1],
    [145, 232, 0],
    [145, 145, 1],
  ]);
  const sums: Record<string, number> = {};
  for (const record of values) {
    for (const [key, value] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + Number(value);
  }
  const { version, pressure_buffer, pressure_inhale, readback_valve_purge, ...others } = sums;
  assert.deepEqual(
    [version, pressure_buffer, pressure_inhale, readback_valve_purge],
    [16000, 14434, 14737, 97],
  );
  assert.ok(Object.values(others).every((sum) => sum === 0));
  const buffers = values.map((record) => Number(record.pressure_buffer));
  assert.deepEqual([Math.min(...buffers), Math.max(...buffers)], [143, 146]);
  const inhales = values.map((record) => Number(record.pressure_inhale));
  assert.deepEqual([Math.min(...inhales), Math.max(...inhales)], [142, 232]);
});

Deno.test("byteArray.dump read as big-endian gives the values of the oldest server", () => {
  const dump = readRecordDump(dumpBytes("byteArray.dump"), { byteOrder: "big-endian" });
  const values = payloadsOf(dump.items).map((payload) => [
    payload.values.pressure_buffer,
    payload.values.pressure_inhale,
  ]);
  assert.deepEqual([0, 1, 2, 3, 99].map((index) => values[index]), [
    [37120, 36608],
    [36864, 37120],
    [36864, 36608],
    [37120, 59392],
    [37120, 37120],
  ]);
  assert.equal(values.findIndex(([buffer, inhale]) => buffer === 36864 && inhale === 36864), 14);
});

Deno.test("dump-AA-20200526.dump holds 100 payloads with the documented values", () => {
  const dump = readPayloadDump(dumpText("dump-AA-20200526.dump"));
  assert.equal(dump.skipped, 0);
  const payloads = payloadsOf(dump.items);
  assert.deepEqual(countBy(payloads, (payload) => payload.type), {
    DATA: 91,
    DEBUG: 3,
    CYCLE: 2,
    READBACK: 2,
    IVT: 2,
  });
  const times = dump.items.map((bytes) => timestampOf(bytes) ?? NaN);
  assert.deepEqual([times[0], times.at(-1)], [15465, 16575]);
  assert.ok(times.every((time, index) => time >= (times[index - 1] ?? 0)));
  const keys = [
    "timestamp",
    "pressure_air_supply",
    "pressure_air_regulated",
    "pressure_o2_supply",
    "pressure_o2_regulated",
    "pressure_buffer",
    "pressure_inhale",
    "pressure_patient",
    "temperature_buffer",
    "pressure_diff_patient",
  ];
  const shown = payloads.slice(0, 3).map(({ type, values }) => {
    assert.equal(type, "DATA");
    assert.equal(STATES.get(0xaa)?.name(Number(values.fsm_state)), "IDLE");
    return keys.map((key) => values[key]);
  });
  // deno-fmt-ignore
  assert.deepEqual(shown, [
    [15465, 5, 1.49853515625, 3, 17.853515625, 4.3505859375, 4.04443359375, 25.4912109375, 4, 0.0004907209658995271],
    [15485, 4, 1.56298828125, 3, 17.83740234375, 4.51171875, 4.1572265625, 25.53955078125, 4, 0.0004048709524795413],
    [15495, 19, 11.1181640625, 22, 42.265132904052734, 25.442869186401367, 24.266603469848633, 53.947261810302734, 24, 0.012349843978881836],
  ]);
});

Deno.test("B6-20200805.dump holds 10000 payloads with the documented values", () => {
  const dump = readPayloadDump(dumpText("B6-20200805.dump"));
  assert.equal(dump.skipped, 0);
  const payloads = payloadsOf(dump.items);
  assert.deepEqual(countBy(payloads, (payload) => payload.type), {
    ALARM: 2646,
    LOOP_STATUS: 196,
    READBACK: 630,
    TARGET: 188,
    DATA: 5765,
    DEBUG: 397,
    CYCLE: 115,
    IVT: 63,
  });
  assert.ok(dump.items.every((bytes) => bytes[5] !== 1 || bytes.length === 77));
  const times = payloads.map(({ values }) => Number(values.timestamp));
  assert.deepEqual([times[0], times.at(-1)], [4736992, 4921022]);
  assert.equal(Math.max(...times), 4921022);
  const others = payloads.filter((payload) => payload.type !== "DATA");
  const steps = others.filter(({ values }, index) =>
    Number(values.timestamp) < Number(others[index - 1]?.values.timestamp ?? 0)
  );
  assert.equal(steps.length, 626);

  const alarms = payloads.filter((payload) => payload.type === "ALARM").map(({ values }) => [
    values.timestamp,
    PRIORITIES.name(Number(values.alarm_type)),
    ALARMS.get(0xb6)?.name(Number(values.alarm_code)),
    values.param,
  ]);
  assert.deepEqual(alarms.slice(0, 3), [
    [4736992, "PRIORITY_HIGH", "LOW_PEEP", -500],
    [4737054, "PRIORITY_MEDIUM", "LOW_VTE", 0],
    [4737150, "PRIORITY_MEDIUM", "LOW_VTI", 0],
  ]);
  assert.deepEqual(countBy(alarms, (alarm) => String(alarm[2])), {
    LOW_PEEP: 551,
    LOW_FIO2: 550,
    O2_FAIL: 452,
    LOW_VTE: 368,
    LOW_VTI: 368,
    CHECK_P_PATIENT: 334,
    HIGH_PRESSURE: 23,
  });

  const first = payloads.find((payload) => payload.type === "DATA")?.values;
  assert.equal(first?.timestamp, 4739488);
  assert.equal(first?.fsm_state, 7);
  assert.equal(first?.pressure_air_regulated, 288.943359375);
  assert.equal(first?.pressure_buffer, 207.2357177734375);
  assert.equal(first?.pressure_inhale, 17.053491592407227);
  assert.equal(first?.temperature_buffer, 659);
  assert.equal(first?.target_pressure, 17);
});

Deno.test("sample.txt holds 2000 rows, the one on the header's line included", () => {
  const dump = readRowDump(dumpText("sample.txt"));
  assert.equal(dump.skipped, 0);
  assert.equal(dump.items.length, 2000);
  assert.deepEqual(dump.items[0], {
    time: 20,
    pressure: 20.228397,
    flow: 723.944,
    volume: 168.848192,
  });
  assert.equal(dump.items.at(-1)?.time, 59.98);
});

Deno.test("all four recordings are written again byte for byte", () => {
  const records = dumpBytes("byteArray.dump");
  for (const byteOrder of ["little-endian", "big-endian"] as const) {
    const dump = readRecordDump(records, { byteOrder });
    assert.deepEqual(writeRecordDump(dump.items, { byteOrder }), records);
  }
  const rows = dumpText("sample.txt");
  assert.equal(writeRowDump(readRowDump(rows).items), rows);
  for (const name of ["dump-AA-20200526.dump", "B6-20200805.dump"]) {
    const text = dumpText(name);
    const { items } = readPayloadDump(text);
    assert.equal(writePayloadDump(items), text);
    const again = items.map((bytes) => {
      const payload = decodeRecordedPayload(bytes);
      return payload.type === "unusable" ? bytes : encodePayload(payload, bytes.length);
    });
    assert.equal(writePayloadDump(again), text);
  }
});
