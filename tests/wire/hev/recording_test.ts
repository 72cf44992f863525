import { strict as assert } from "node:assert";
import { readRecording, type Recording } from "../../../src/wire/hev/recording.ts";
import { writePayloadDump } from "../../../src/wire/hev/dump_payloads.ts";
import { encodePayload } from "../../../src/wire/hev/payload.ts";
import { dumpBytes } from "./dumps.ts";

function recordingOf(bytes: Uint8Array): Recording {
  const recording = readRecording(bytes);
  assert(!("reason" in recording), "the recording can be read");
  return recording;
}

Deno.test("readRecording reads all four formats with their pace", () => {
  const shown = ["byteArray.dump", "sample.txt", "dump-AA-20200526.dump", "B6-20200805.dump"]
    .map((name) => {
      const { version, length, passMs, hasAlarms, skipped } = recordingOf(dumpBytes(name));
      return [name, version, length, passMs, hasAlarms, skipped];
    });
  assert.deepEqual(shown, [
    ["byteArray.dump", 0xa0, 100, 100_000, false, 0],
    ["sample.txt", 0xa0, 2000, 400_000, false, 0],
    ["dump-AA-20200526.dump", 0xaa, 100, 16575 - 15465 + 20, false, 0],
    ["B6-20200805.dump", 0xb6, 10000, 4921022 - 4736992 + 20, true, 0],
  ]);
});

Deno.test("readRecording gives moments that never decrease, though time stamps do", () => {
  const recording = recordingOf(dumpBytes("B6-20200805.dump"));
  let last = 0;
  for (let index = 0; index < recording.length; index++) {
    const atMs = recording.atMs(index);
    assert.ok(atMs >= last, `step ${index}`);
    last = atMs;
  }
  assert.ok(last < recording.passMs);
});

Deno.test("Recording has time stamps that grow from pass to pass", () => {
  const recording = recordingOf(dumpBytes("dump-AA-20200526.dump"));
  const first = Number(recording.step(0, 0).payload.values["timestamp"]);
  const last = Number(recording.step(99, 0).payload.values["timestamp"]);
  const again = recording.step(0, 1);
  assert.equal(Number(again.payload.values["timestamp"]), first + recording.passMs);
  assert.ok(first + recording.passMs > last);
  assert.notDeepEqual(again.bytes, recording.step(0, 0).bytes);
});

Deno.test("readRecording plays payloads without time stamps one each second", () => {
  const payloads = Array.from({ length: 3 }, () => new Uint8Array(26).with(0, 0xa0));
  const recording = recordingOf(new TextEncoder().encode(writePayloadDump(payloads)));
  assert.deepEqual(momentsOf(recording), [0, 1_000, 2_000]);
  assert.equal(recording.passMs, 3_000);
});

/** Time stamps of data, and when each comes after the first. */
const STAMPS: readonly (readonly [about: string, stamps: number[], moments: number[]])[] = [
  ["whose count of 32 bits is over", [2 ** 32 - 20, 2 ** 32 - 10, 0, 10], [0, 10, 20, 30]],
  ["of a controller that was restarted", [50_000, 50_010, 7, 17], [0, 10, 20, 30]],
  ["of a recorder that was away for days", [0, 10, 500_000_000, 500_000_020], [0, 10, 20, 40]],
  ["of which one is damaged", [10, 20, 3_000_000_000, 40, 50], [0, 10, 20, 30, 40]],
  ["with a pause", [0, 10, 60_010, 60_020], [0, 10, 60_010, 60_020]],
];

for (const [about, stamps, moments] of STAMPS) {
  Deno.test(`readRecording keeps the pace of data ${about}`, () => {
    const payloads = stamps.map((stamp) => dataOf(stamp));
    const recording = recordingOf(new TextEncoder().encode(writePayloadDump(payloads)));
    const [first = 0] = momentsOf(recording);
    assert.deepEqual(momentsOf(recording).map((at) => at - first), moments);
  });
}

Deno.test("readRecording lets no time stamp of an alarm hold up the data", () => {
  const alarm = (stamp: number) =>
    encodePayload({
      version: 0xaa,
      type: "ALARM",
      values: { version: 0xaa, timestamp: stamp, alarm_type: 3, alarm_code: 1, param: 0 },
    });
  const payloads = [alarm(4_000_000_000), dataOf(10), alarm(3_000_000_000), dataOf(20), alarm(5)];
  const recording = recordingOf(new TextEncoder().encode(writePayloadDump(payloads)));
  assert.deepEqual(momentsOf(recording), [10, 20, 20, 30, 30]);
});

function dataOf(stamp: number): Uint8Array {
  const { values } = recordingOf(dumpBytes("dump-AA-20200526.dump")).step(0, 0).payload;
  return encodePayload({ version: 0xaa, type: "DATA", values: { ...values, timestamp: stamp } });
}

function momentsOf(recording: Recording): number[] {
  return Array.from({ length: recording.length }, (_, index) => recording.atMs(index));
}

Deno.test("readRecording leaves out what no table knows", () => {
  const text = "b'a0ff'\nb'aa0000000006010100000000'\nbroken\n";
  const recording = recordingOf(new TextEncoder().encode(text));
  assert.equal(recording.length, 1);
  assert.equal(recording.skipped, 2);
});

Deno.test("readRecording says why something cannot be played", () => {
  for (const text of ["", "hello", "b'a0ff'\n", "time [s],pressure [mbar]\n"]) {
    const recording = readRecording(new TextEncoder().encode(text));
    assert("reason" in recording, text);
    assert.match(recording.reason, /^Cannot (play recording|use payload|read recording)/);
  }
});
