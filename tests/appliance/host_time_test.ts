import { strict as assert } from "node:assert";
import { HostTime, PULSE_MS } from "../../src/appliance/host_time.ts";
import { Events } from "../../src/core/events.ts";

/** Lets the turn end. */
const turn = () => new Promise((done) => setTimeout(done, 0));

Deno.test("HostTime reads its clock once in a turn of the event loop", async () => {
  let nowMs = 100;
  let readings = 0;
  const clock = {
    now: () => {
      readings++;
      return nowMs++;
    },
    wall: () => 0,
  };
  using time = new HostTime(clock, new Events());
  const before = readings;
  const heard = await Promise.all([1, 2, 3].map(() => Promise.resolve().then(() => time.now())));
  assert.equal(readings - before, 1);
  assert.equal(new Set(heard).size, 1);
  await turn();
  assert(time.now() > (heard[0] as number));
  assert.equal(readings - before, 2);
});

Deno.test("HostTime leaves out the time in which it was not asked, and tells of it", async () => {
  let nowMs = 0;
  const events = new Events();
  const seen = events.subscribe({ capacity: 10 });
  using time = new HostTime({ now: () => nowMs, wall: () => 0 }, events);
  nowMs = 60_000;
  assert.equal(time.now(), PULSE_MS);
  assert.deepEqual(seen.take(), { type: "absence", at: PULSE_MS, absentMs: 60_000 - PULSE_MS });
  await turn();
  nowMs += 10;
  assert.equal(time.now(), PULSE_MS + 10);
  assert.equal(time.metrics()["pulsebox_absences_total"], 1);
});
