import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { alarmEntry } from "../../../src/wire/hev/alarm_list.ts";
import { BEHIND_MS_MAX, Playback, type PlaybackOptions } from "../../../src/wire/hev/playback.ts";
import { readRecording, type Recording } from "../../../src/wire/hev/recording.ts";
import { dumpBytes } from "./dumps.ts";

function recordingOf(name: string): Recording {
  const recording = readRecording(dumpBytes(name));
  assert(!("reason" in recording));
  return recording;
}

/** Plays until a moment and tells what came when. */
function play(name: string, untilMs: number, options: PlaybackOptions = {}): [number, string][] {
  const playback = new Playback(recordingOf(name), 0, options);
  const played: [number, string][] = [];
  for (;;) {
    const wake = playback.nextWake();
    if (wake === undefined || wake > untilMs) return played;
    assert.equal(playback.next(wake - 0.001), undefined, "nothing comes early");
    const step = playback.next(wake);
    assert(step !== undefined);
    const { payload } = step;
    const text = payload.type === "ALARM" ? alarmEntry(payload).alarm_code : payload.type;
    played.push([wake, text]);
  }
}

Deno.test("Playback plays one record each second, and an alarm within the first seconds", () => {
  const played = play("byteArray.dump", 4_000);
  assert.deepEqual(played.filter(([, text]) => text === "DATA").map(([at]) => at), [
    0,
    1_000,
    2_000,
    3_000,
    4_000,
  ]);
  const alarms = played.filter(([, text]) => text !== "DATA");
  assert.equal(alarms.length, 1);
  assert.ok((alarms[0]?.[0] ?? Infinity) <= 2_000);
});

Deno.test("Playback gives the same alarms for the same seed, and others for others", () => {
  const alarmsOf = (seed: number) =>
    play("byteArray.dump", 200_000, { alarms: { seed } })
      .filter(([, text]) => text !== "DATA").map(([, text]) => text);
  assert.deepEqual(alarmsOf(1), alarmsOf(1));
  assert.notDeepEqual(alarmsOf(1), alarmsOf(2));
  assert.equal(alarmsOf(3).length, 10);
});

Deno.test("Playback adds no alarms to a recording that has its own, or if told so", () => {
  const own = play("B6-20200805.dump", 10_000);
  const file = recordingOf("B6-20200805.dump");
  assert.deepEqual(
    own.map(([, text]) => text).slice(0, 3),
    [0, 1, 2].map((index) => alarmEntry(file.step(index, 0).payload).alarm_code),
  );
  const none = play("sample.txt", 60_000, { alarms: { everyMs: Infinity } });
  assert.ok(none.every(([, text]) => text === "DATA"));
});

Deno.test("Playback loses no step, pass after pass, at any speed", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1_000, noNaN: true }), (speed) => {
      const recording = recordingOf("dump-AA-20200526.dump");
      const passes = 3;
      const untilMs = (passes * recording.passMs - 1) / speed;
      const played = play("dump-AA-20200526.dump", untilMs, {
        speed,
        alarms: { everyMs: Infinity },
      });
      assert.equal(played.length, passes * recording.length);
    }),
    { numRuns: 20 },
  );
});

Deno.test("Playback ends after the last step if it is to be played once", () => {
  const played = play("dump-AA-20200526.dump", 1e9, {
    repeat: "once",
    alarms: { everyMs: Infinity },
  });
  assert.equal(played.length, 100);
});

Deno.test("Playback goes on from where it is after an absence instead of catching up", () => {
  const playback = new Playback(recordingOf("byteArray.dump"), 0, {
    alarms: { everyMs: Infinity },
  });
  assert(playback.next(0) !== undefined);
  const late = 50_000;
  assert(playback.next(late) !== undefined);
  assert.equal(playback.next(late), undefined);
  assert.equal(playback.nextWake(), late + 1_000);
  // A small delay is caught up, so that the pace is kept.
  assert(playback.next(late + 1_000 + BEHIND_MS_MAX) !== undefined);
  assert.equal(playback.nextWake(), late + 2_000);
});

Deno.test("Playback takes no impossible speed", () => {
  for (const speed of [0, -1, Infinity, NaN]) {
    assert.throws(() => new Playback(recordingOf("sample.txt"), 0, { speed }), RangeError);
  }
});
