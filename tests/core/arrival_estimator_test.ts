import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { ArrivalEstimator } from "../../src/core/arrival_estimator.ts";

const BOUNDS = { marginMsMin: 1_000, marginMsMax: 60_000 };

Deno.test("ArrivalEstimator adds the least margin before it has seen anything", () => {
  const estimator = new ArrivalEstimator(BOUNDS);
  assert.equal(estimator.waitMs(5_000), 6_000);
});

Deno.test("ArrivalEstimator stays within its bounds whatever it sees", () => {
  const gaps = fc.array(fc.tuple(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.nat()));
  fc.assert(fc.property(gaps, fc.nat(), (arrivals, announcedMs) => {
    const estimator = new ArrivalEstimator(BOUNDS);
    for (const [gapMs, previousMs] of arrivals) estimator.observe(gapMs, previousMs);
    const waitMs = estimator.waitMs(announcedMs);
    assert(Number.isInteger(waitMs));
    assert(waitMs >= announcedMs + BOUNDS.marginMsMin);
    assert(waitMs <= announcedMs + BOUNDS.marginMsMax);
  }));
});

Deno.test("ArrivalEstimator grows with the jitter, up to what it has seen", () => {
  for (const jitterMs of [0, 2_000, 8_000, 32_000]) {
    const estimator = new ArrivalEstimator(BOUNDS);
    for (let beat = 0; beat < 50; beat++) {
      estimator.observe(5_000 + (beat % 2 === 0 ? jitterMs : -jitterMs), 5_000);
    }
    const marginMs = estimator.waitMs(5_000) - 5_000;
    if (jitterMs === 0) assert.equal(marginMs, 1_000);
    else assert(marginMs > 0.9 * jitterMs && marginMs <= jitterMs, `${marginMs} of ${jitterMs}`);
  }
});

Deno.test("ArrivalEstimator forgets a disturbance", () => {
  const estimator = new ArrivalEstimator(BOUNDS);
  for (let beat = 0; beat < 20; beat++) estimator.observe(5_000, 5_000);
  estimator.observe(25_000, 5_000);
  assert(estimator.waitMs(5_000) > 10_000);
  for (let beat = 0; beat < 80; beat++) estimator.observe(5_000, 5_000);
  assert.equal(estimator.waitMs(5_000), 6_000);
});

Deno.test("ArrivalEstimator does not run away with a client that paces itself by the reply", () => {
  for (const announcedMs of [0, 500, 5_000, 60_000]) {
    const estimator = new ArrivalEstimator(BOUNDS);
    let waitMs = estimator.waitMs(announcedMs);
    for (let beat = 0; beat < 400; beat++) {
      // One beat comes late by half a minute.
      const lateMs = beat === 10 ? 30_000 : 0;
      estimator.observe(0.95 * waitMs + lateMs, announcedMs);
      waitMs = estimator.waitMs(announcedMs);
    }
    assert.equal(waitMs, announcedMs + BOUNDS.marginMsMin, `announced ${announcedMs}`);
  }
});

Deno.test("ArrivalEstimator refuses bounds that are not in order", () => {
  for (const [marginMsMin, marginMsMax] of [[0, 1], [2, 1], [1, Infinity], [NaN, 1]] as const) {
    assert.throws(() => new ArrivalEstimator({ marginMsMin, marginMsMax }), RangeError);
  }
});
