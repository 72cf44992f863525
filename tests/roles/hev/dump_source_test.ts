import { strict as assert } from "node:assert";
import { DumpSource } from "../../../src/roles/hev/dump_source.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";
import { readRecording } from "../../../src/wire/hev/recording.ts";
import { dumpBytes } from "../../wire/hev/dumps.ts";
import { eventually } from "./station.ts";

for (const name of ["byteArray.dump", "sample.txt", "dump-AA-20200526.dump"]) {
  Deno.test(`DumpSource plays ${name} with alarms and stops when it is closed`, async () => {
    const recording = readRecording(dumpBytes(name));
    assert(!("reason" in recording));
    await using source = new DumpSource({
      place: name,
      recording,
      now: () => performance.now(),
      speed: 100,
    });
    const payloads: Payload[] = [];
    let place = "";
    source.start({ onPayload: (payload) => payloads.push(payload), onUp: (at) => place = at });
    await eventually(() => payloads.some(({ type }) => type === "ALARM"), "an alarm");
    assert.equal(place, name);
    assert.deepEqual(payloads[0], recording.step(0, 0).payload);
    await source.close();
    const count = payloads.length;
    assert.equal(source.counters()["hev_payloads_total"], count);
    const later = performance.now() + 50;
    await eventually(() => performance.now() > later, "some time");
    assert.equal(payloads.length, count);
  });
}

Deno.test("DumpSource lets others be heard, however fast it plays", async () => {
  const recording = readRecording(dumpBytes("dump-AA-20200526.dump"));
  assert(!("reason" in recording));
  let clock = 0;
  await using source = new DumpSource({ place: "x", recording, now: () => clock, speed: 10_000 });
  let inTurn = 0;
  let inTurnMost = 0;
  let turns = 0;
  source.start({
    onPayload: () => {
      if (inTurn++ === 0) {
        // A turn's work is done before any microtask runs.
        queueMicrotask(() => {
          inTurnMost = Math.max(inTurnMost, inTurn);
          inTurn = 0;
          turns++;
        });
      }
    },
  });
  // A quarter of an hour of the recording is due at once.
  clock = 100;
  await eventually(() => turns > 0, "a turn");
  assert.ok(inTurnMost > 100 && inTurnMost <= 1_000, `${inTurnMost} payloads in one turn`);
});

Deno.test("DumpSource takes every command that any version knows, and no other", () => {
  const recording = readRecording(dumpBytes("byteArray.dump"));
  assert(!("reason" in recording));
  const source = new DumpSource({ place: "x", recording, now: () => 0 });
  const ask = (cmdtype: string, cmd: string) =>
    source.request({ type: "command", command: { cmdtype, cmd, param: 0 } });
  assert.equal(ask("GENERAL", "START"), undefined);
  assert.equal(ask("SET_TARGET_CPAP", "PEEP"), undefined);
  assert.equal(ask("GENERAL", "constructor")?.type, "refused");
  const person = { name: "Ada", patient_id: "1", age: 36, sex: "F", height: 165, weight: 55 };
  assert.equal(source.request({ type: "personal", person }), undefined);
});
