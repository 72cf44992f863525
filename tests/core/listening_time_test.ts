import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { ListeningTime } from "../../src/core/listening_time.ts";

Deno.test("ListeningTime goes with the clock while nothing stalls", () => {
  const time = new ListeningTime(100, { pulseMs: 500, stallMs: 2000 });
  assert.equal(time.at(100), 100);
  assert.equal(time.at(600), 600);
  assert.equal(time.at(2599.5), 2599.5);
  assert.equal(time.absentMs, 0);
});

Deno.test("ListeningTime counts an absence as one pulse and tells of it", () => {
  const absences: number[][] = [];
  const time = new ListeningTime(0, {
    pulseMs: 500,
    stallMs: 2000,
    onAbsence: (absentMs, at) => absences.push([absentMs, at]),
  });
  assert.equal(time.at(1000), 1000);
  assert.equal(time.at(3000), 1500);
  assert.equal(time.at(3100), 1600);
  assert.equal(time.at(86_403_100), 2100);
  assert.deepEqual(absences, [[1500, 1500], [86_399_500, 2100]]);
  assert.equal(time.absentMs, 86_401_000);
});

Deno.test("ListeningTime stands still when the clock steps backwards", () => {
  const time = new ListeningTime(0, { pulseMs: 500, stallMs: 2000 });
  assert.equal(time.at(1000), 1000);
  assert.equal(time.at(400), 1000);
  assert.equal(time.at(1500), 1500);
});

Deno.test("ListeningTime never runs backwards nor faster than the clock", () => {
  const steps = fc.array(fc.integer({ min: -5000, max: 50_000 }), { maxLength: 100 });
  fc.assert(fc.property(steps, (steps) => {
    const time = new ListeningTime(0, { pulseMs: 500, stallMs: 2000 });
    let now = 0;
    let latest = 0;
    let before = 0;
    for (const step of steps) {
      now += step;
      const at = time.at(now);
      assert.ok(at >= before && at - before < 2000);
      assert.ok(at - before <= Math.max(0, now - latest));
      latest = Math.max(latest, now);
      before = at;
      assert.equal(latest - time.absentMs, at);
    }
  }));
});

Deno.test("ListeningTime refuses a rhythm that makes no sense", () => {
  for (const [pulseMs, stallMs] of [[500, 500], [0, 10], [-1, 10], [500, NaN], [NaN, 500]]) {
    const options = { pulseMs: pulseMs ?? 0, stallMs: stallMs ?? 0 };
    assert.throws(() => new ListeningTime(0, options), /^RangeError: Cannot measure absences/);
  }
});
