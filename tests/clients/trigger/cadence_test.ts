import { strict as assert } from "node:assert";
import { Cadence } from "../../../src/clients/trigger/cadence.ts";

Deno.test("Cadence has figures for nothing", () => {
  const figures = new Cadence().figures();
  assert.ok(Number.isNaN(figures.meanMs));
  assert.deepEqual([figures.intervals, figures.offP99Ms, figures.lost], [0, 0, 0]);
});

Deno.test("Cadence tells mean, quantiles and lost pings", () => {
  const cadence = new Cadence();
  for (let count = 0; count < 98; count++) cadence.observe(count % 2 === 0 ? 1_000.25 : 999.75);
  cadence.observe(1_020);
  cadence.observe(3_000);
  const { intervals, meanMs, offP50Ms, offP99Ms, offMaxMs, lost } = cadence.figures();
  assert.equal(intervals, 100);
  assert.ok(Math.abs(meanMs - 1_020.2) < 1e-6);
  assert.ok(Math.abs(offP50Ms - 0.3) < 1e-6);
  assert.ok(offP99Ms >= 20 && offP99Ms <= 20.2);
  assert.equal(offMaxMs, 2_000);
  assert.equal(lost, 2);
});
