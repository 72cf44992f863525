import { strict as assert } from "node:assert";
import { fc } from "../../../packages/fast_check.ts";
import { isAlarm, parseNagiosRange } from "../../../../src/cli/commands/check/nagios_range.ts";

/** Range, values that alarm, values that do not: the guidelines' own table. */
const RANGES: [string, number[], number[]][] = [
  ["10", [-0.1, 10.1, 11], [0, 5, 10]],
  ["10:", [9.9, 0, -1], [10, 11, 1e9]],
  ["~:10", [10.1, 11], [-1e9, 0, 10]],
  ["10:20", [9.9, 20.1], [10, 15, 20]],
  ["@10:20", [10, 15, 20], [9.9, 20.1]],
  ["@10", [0, 10], [-0.1, 10.1]],
  [":10", [-0.1, 10.1], [0, 10]],
  ["-5:-1", [-6, 0], [-5, -1]],
  ["0.5:1.5", [0.4, 1.6], [0.5, 1.5]],
  ["0", [0.1], [0]],
];

for (const [text, alarms, silent] of RANGES) {
  Deno.test(`parseNagiosRange reads ${text}`, () => {
    const range = parseNagiosRange(text);
    assert(range !== undefined);
    for (const value of alarms) assert.equal(isAlarm(range, value), true, String(value));
    for (const value of silent) assert.equal(isAlarm(range, value), false, String(value));
  });
}

Deno.test("parseNagiosRange refuses what is no range", () => {
  for (const text of ["", ":", "@", "~", "@:", "20:10", "a", "1:2:3", "1 2", "~5", "1e3", "10:~"]) {
    assert.equal(parseNagiosRange(text), undefined, text);
  }
});

Deno.test("isAlarm says the opposite with an at sign", () => {
  const bound = fc.integer({ min: -1000, max: 1000 });
  fc.assert(fc.property(bound, bound, bound, (a, b, value) => {
    const text = `${Math.min(a, b)}:${Math.max(a, b)}`;
    const outside = parseNagiosRange(text);
    const inside = parseNagiosRange(`@${text}`);
    assert(outside !== undefined && inside !== undefined);
    assert.notEqual(isAlarm(outside, value), isAlarm(inside, value));
  }));
});
