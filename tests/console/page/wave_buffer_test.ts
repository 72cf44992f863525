import { strict as assert } from "node:assert";
import { WaveBuffer } from "../../../src/console/page/wave_buffer.ts";

const UNITS = { pressure: "mbar" } as const;

Deno.test("WaveBuffer places samples by the controller's stamps, whenever they arrive", () => {
  const buffer = new WaveBuffer();
  buffer.add({ at: [1_000, 1_020, 1_040], values: { pressure: [1, 2, 3] }, units: UNITS });
  assert.deepEqual(buffer.drawn("pressure", 1_040), {
    seconds: [-0.04, -0.02, 0],
    values: [1, 2, 3],
  });
});

Deno.test("WaveBuffer keeps a window of 15 seconds", () => {
  const buffer = new WaveBuffer();
  for (let stamp = 0; stamp <= 40_000; stamp += 20) {
    buffer.add({ at: [stamp], values: { pressure: [stamp] }, units: UNITS });
  }
  const { seconds } = buffer.drawn("pressure", 40_000);
  assert.deepEqual([seconds[0], seconds.at(-1), seconds.length], [-15, 0, 751]);
});

Deno.test("WaveBuffer draws nothing across a gap", () => {
  const buffer = new WaveBuffer();
  buffer.add({ at: [0, 20, 2_000, 2_020], values: { pressure: [1, 2, 3, 4] }, units: UNITS });
  assert.deepEqual(buffer.drawn("pressure", 2_020).values, [1, 2, null, 3, 4]);
  buffer.add({ at: [2_040], values: { flow: [7] }, units: { flow: null } });
  assert.deepEqual(buffer.drawn("pressure", 2_040).values.at(-1), null, "a value that is missing");
  assert.deepEqual(buffer.drawn("flow", 2_040).values, [null, null, null, null, null, 7]);
});

Deno.test("WaveBuffer begins anew with the controller's clock", () => {
  const buffer = new WaveBuffer();
  buffer.add({ at: [5_000, 5_020], values: { pressure: [1, 2] }, units: UNITS });
  buffer.add({ at: [10, 30], values: { pressure: [8, 9] }, units: UNITS });
  assert.deepEqual(buffer.drawn("pressure", 30).values, [8, 9]);
});

Deno.test("WaveBuffer tells what is not delivered and what never changes", () => {
  const buffer = new WaveBuffer();
  for (let stamp = 0; stamp <= 6_000; stamp += 20) {
    const values = { pressure: [stamp], volume: [0] };
    buffer.add({ at: [stamp], values, units: UNITS });
  }
  assert.deepEqual(buffer.delivery("pressure"), { kind: "alive", value: 6_000 });
  assert.deepEqual(buffer.delivery("volume"), { kind: "constant", value: 0 });
  assert.deepEqual(buffer.delivery("flow"), { kind: "missing" });
});

Deno.test("WaveBuffer freezes, finds what is below a pointer, and writes rows with units", () => {
  const buffer = new WaveBuffer();
  buffer.add({
    at: [0, 20],
    values: { pressure: [1.5, 2], flow: [7, 8] },
    units: { pressure: "mbar", flow: null },
  });
  const frozen = buffer.freeze();
  buffer.add({ at: [40], values: { pressure: [3], flow: [9] }, units: UNITS });
  assert.equal(frozen.newest, 20);
  assert.equal(buffer.near("pressure", 38), 3);
  assert.equal(buffer.near("pressure", 9_000), undefined);
  assert.equal(frozen.csv(), "time [ms],pressure [mbar],flow\r\n0,1.5,7\r\n20,2,8\r\n");
});
