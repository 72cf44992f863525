import { strict as assert } from "node:assert";
import { HostTime, PULSE_MS } from "../../src/appliance/host_time.ts";
import { Events } from "../../src/core/events.ts";

Deno.test("HostTime leaves out the time in which it was not asked, and tells of it", () => {
  let nowMs = 0;
  const events = new Events();
  const seen = events.subscribe({ capacity: 10 });
  using time = new HostTime({ now: () => nowMs, wall: () => 0 }, events);
  nowMs = 60_000;
  assert.equal(time.now(), PULSE_MS);
  assert.deepEqual(seen.take(), { type: "absence", at: PULSE_MS, absentMs: 60_000 - PULSE_MS });
  nowMs += 10;
  assert.equal(time.now(), PULSE_MS + 10);
  assert.equal(time.metrics()["pulsebox_absences_total"], 1);
});
