import { strict as assert } from "node:assert";
import { readRecording, type Recording } from "../../../src/wire/hev/recording.ts";
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
