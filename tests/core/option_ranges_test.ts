import { strict as assert } from "node:assert";
import { checkOptions, checkRanges } from "../../src/core/option_ranges.ts";

interface Options {
  readonly waitMs?: number;
  readonly name?: string;
  readonly limits?: { readonly reconnectMs?: number };
}

const TABLE = {
  waitMs: { min: 1, max: 1_000 },
  name: "any",
  limits: { reconnectMs: { min: 10 } },
} as const;

const CASES: [options: object, error: RegExp | undefined][] = [
  [{}, undefined],
  [{ waitMs: 1, name: "x", limits: { reconnectMs: Infinity } }, undefined],
  [{ waitMs: undefined, limits: undefined }, undefined],
  [{ wait: 1 }, /^TypeError: Cannot make bell: wait is no option$/],
  [
    { reconnectMs: 20 },
    /^TypeError: Cannot make bell: reconnectMs is no option, it belongs into limits$/,
  ],
  [{ limits: { waitMs: 1 } }, /^TypeError: Cannot make bell: limits\.waitMs is no option$/],
  [{ waitMs: 0 }, /^RangeError: Cannot make bell: waitMs is 0, must be 1 to 1000$/],
  [{ waitMs: NaN }, /^RangeError: Cannot make bell: waitMs is NaN, must be 1 to 1000$/],
  [
    { limits: { reconnectMs: 9 } },
    /^RangeError: Cannot make bell: reconnectMs is 9, must be >= 10$/,
  ],
];

for (const [options, error] of CASES) {
  Deno.test(`checkOptions judges ${Deno.inspect(options)}`, () => {
    const check = () => checkOptions<Options>("bell", options, TABLE);
    if (error === undefined) check();
    else assert.throws(check, (thrown) => error.test(String(thrown)));
  });
}

Deno.test("checkRanges looks at numbers alone", () => {
  const ranges = { waitMs: { max: 5 }, limits: { reconnectMs: {} } };
  checkRanges<Options>("bell", { waitMs: 5, other: 1 } as Options, ranges);
  assert.throws(() => checkRanges<Options>("bell", { waitMs: 6 }, ranges), RangeError);
});
