import { strict as assert } from "node:assert";
import {
  ALARMS,
  B6_ALARMS,
  canonicalAlarmName,
  documentedPriority,
} from "../../../src/wire/hev/alarms.ts";

Deno.test("ALARMS holds each version's alarms", () => {
  const counts = [0xa0, 0xa1, 0xaa, 0xb6].map((version) => ALARMS.get(version)?.names.length);
  assert.deepEqual(counts, [25, 25, 26, 32]);
  assert.equal(ALARMS.get(0xa0)?.name(25), "ARDUINO_FAIL");
  assert.equal(ALARMS.get(0xa0)?.name(0), undefined);
  assert.equal(ALARMS.get(0xaa)?.name(0), "UNKNOWN");
  assert.equal(ALARMS.get(0xb6)?.name(31), "EXTENDED_HIGH_PRESSURE");
  assert.equal(ALARMS.get(0xb6)?.name(32), undefined, "a bound, no alarm");
  assert.equal(ALARMS.get(0xa5), undefined);
});

Deno.test("documentedPriority is medium for the sources' fifteen, high for all others", () => {
  const medium = B6_ALARMS.names.filter((name) => documentedPriority(name) === "PRIORITY_MEDIUM");
  assert.deepEqual(
    medium.map((name) => B6_ALARMS.code(name)),
    [4, 5, 6, 8, 9, 10, 11, 12, 19, 20, 21, 27, 28, 29, 30],
  );
  assert.equal(documentedPriority("APNEA"), "PRIORITY_HIGH");
});

Deno.test("canonicalAlarmName accepts one generation's spelling", () => {
  assert.equal(canonicalAlarmName("EXPIRATION_VALVE_Leak"), "EXPIRATION_VALVE_LEAK");
  assert.equal(canonicalAlarmName("apnea"), "apnea");
});
