import { strict as assert } from "node:assert";
import { HostTime, PULSE_MS } from "../../src/appliance/host_time.ts";
import { Events } from "../../src/core/events.ts";

/** Lets the turn end. */
const turn = () => new Promise((done) => setTimeout(done, 0));

Deno.test("HostTime reads its clock once in a turn for those who ask thousands of times", async () => {
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
  const arrived = await Promise.all(
    [1, 2, 3].map(() => Promise.resolve().then(() => time.inTurn())),
  );
  assert.equal(readings - before, 1);
  assert.equal(new Set(arrived).size, 1);
  await turn();
  assert(time.inTurn() > (arrived[0] as number));
  assert.equal(readings - before, 2);
  const later = time.now();
  assert.equal(readings - before, 3, "others get the moment itself");
  assert.equal(time.inTurn(), later, "and nobody an earlier one after that");
});

Deno.test("HostTime goes on within a pulse though the end of a turn is not told", async () => {
  let nowMs = 0;
  using time = new HostTime({ now: () => nowMs, wall: () => 0 }, new Events());
  const { flush } = time;
  // As if one that waited before it had thrown.
  time.flush = () => {};
  assert.equal(time.inTurn(), 0);
  await turn();
  nowMs = 600;
  assert.equal(time.inTurn(), 0);
  await new Promise((done) => setTimeout(done, PULSE_MS + 50));
  time.flush = flush;
  assert.equal(time.inTurn(), 600);
  await turn();
  nowMs = 700;
  assert.equal(time.inTurn(), 700, "and is read in each turn again");
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
