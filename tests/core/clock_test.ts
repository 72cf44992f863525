import { strict as assert } from "node:assert";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../src/core/clock.ts";
import { HALF_HOUR_MS } from "../../src/core/uptime_cells.ts";

Deno.test("the constants of the clock are what the calendar says", () => {
  const since = (time: string) => Date.parse(`1970-01-${time}Z`);
  assert.equal(SECOND_MS, since("01T00:00:01"));
  assert.equal(MINUTE_MS, since("01T00:01:00"));
  assert.equal(HALF_HOUR_MS, since("01T00:30:00"));
  assert.equal(HOUR_MS, since("01T01:00:00"));
  assert.equal(DAY_MS, since("02T00:00:00"));
});
