import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import {
  formatLostAfter,
  inUnit,
  limitsWith,
  LOST_AFTER_MS_MAX,
  type LostAfter,
  parseLostAfter,
  parseMultiple,
} from "../../src/core/lost_after.ts";

const HILBERT = { missed: 1, late: 3, lost: 5, gone: 6 };

Deno.test("parseLostAfter reads multiples and milliseconds within their bounds", () => {
  const cases: [text: string, expected: LostAfter | undefined][] = [
    ["2x", { unit: "promises", value: 2 }],
    ["1.5x", { unit: "promises", value: 1.5 }],
    ["1x", { unit: "promises", value: 1 }],
    ["1000x", { unit: "promises", value: 1000 }],
    ["20000", { unit: "ms", value: 20_000 }],
    [String(LOST_AFTER_MS_MAX), { unit: "ms", value: LOST_AFTER_MS_MAX }],
    [String(LOST_AFTER_MS_MAX + 1), undefined],
    ...["0", "", "x", "0.99x", "1000.1x", "2 x", "-2x", "2X", "20s", "1e3", "0x10"].map(
      (text): [string, undefined] => [text, undefined],
    ),
  ];
  for (const [text, expected] of cases) assert.deepEqual(parseLostAfter(text), expected, text);
  assert.equal(parseMultiple("20000"), undefined);
});

Deno.test("formatLostAfter writes what parseLostAfter reads", () => {
  const promises = fc.integer({ min: 1000, max: 1_000_000 }).map((value) => value / 1000);
  fc.assert(
    fc.property(promises, fc.integer({ min: 1, max: LOST_AFTER_MS_MAX }), (multiple, ms) => {
      for (
        const lostAfter of [
          { unit: "promises", value: multiple },
          { unit: "ms", value: ms },
        ] as const
      ) {
        assert.deepEqual(parseLostAfter(formatLostAfter(lostAfter)), lostAfter);
      }
    }),
  );
});

Deno.test("inUnit counts times in the unit of a client, and multiples in none", () => {
  assert.deepEqual(inUnit({ unit: "ms", value: 20 }, 1000), { unit: "ms", value: 20_000 });
  assert.deepEqual(inUnit({ unit: "promises", value: 2 }, 1000), { unit: "promises", value: 2 });
  assert.deepEqual(inUnit({ unit: "ms", value: LOST_AFTER_MS_MAX }, 1000), {
    unit: "ms",
    value: LOST_AFTER_MS_MAX,
  });
});

Deno.test("limitsWith keeps the order of the steps and the proportion of a short way", () => {
  const cases: [LostAfter, promiseMs: number, late: number, lost: number, gone: number][] = [
    [{ unit: "promises", value: 5 }, 6000, 3, 5, 6],
    [{ unit: "promises", value: 2 }, 6000, 1.2, 2, 6],
    [{ unit: "promises", value: 1 }, 6000, 1, 1, 6],
    [{ unit: "promises", value: 10 }, 6000, 3, 10, 12],
    [{ unit: "ms", value: 15_000 }, 6000, 1.5, 2.5, 6],
    // Nobody is lost within its promise.
    [{ unit: "ms", value: 1000 }, 6000, 1, 1, 6],
  ];
  for (const [lostAfter, promiseMs, late, lost, gone] of cases) {
    assert.deepEqual(limitsWith(lostAfter, promiseMs, HILBERT), { missed: 1, late, lost, gone });
  }
});
