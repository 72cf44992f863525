import { strict as assert } from "node:assert";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../src/core/clock.ts";

Deno.test("clock constants count milliseconds", () => {
  assert.deepEqual([SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS], [1e3, 6e4, 3.6e6, 8.64e7]);
});
