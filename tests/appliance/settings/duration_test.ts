import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { formatDuration, parseDuration } from "../../../src/appliance/settings/duration.ts";

const CASES: Record<string, number | undefined> = {
  "500ms": 500,
  "15s": 15_000,
  "90m": 5_400_000,
  "5min": 300_000,
  "2h": 7_200_000,
  "7d": 604_800_000,
  "1.5h": 5_400_000,
  "1h30m": 5_400_000,
  "1h 30m": 5_400_000,
  "0s": 0,
  "15": undefined,
  "": undefined,
  "s": undefined,
  "-1s": undefined,
  "1e3s": undefined,
  "15 s": undefined,
  "15S": undefined,
  "1w": undefined,
  "1h30": undefined,
  "1h,30m": undefined,
  "9999999999999999s": undefined,
};

for (const [text, ms] of Object.entries(CASES)) {
  Deno.test(`parseDuration takes "${text}" for ${ms === undefined ? "none" : `${ms} ms`}`, () => {
    assert.equal(parseDuration(text), ms);
  });
}

Deno.test("formatDuration writes what parseDuration reads", () => {
  assert.equal(formatDuration(5_400_000), "1h30m");
  assert.equal(formatDuration(0), "0s");
  fc.assert(fc.property(fc.nat({ max: 10_000_000_000 }), (ms) => {
    assert.equal(parseDuration(formatDuration(ms)), ms);
  }));
});
