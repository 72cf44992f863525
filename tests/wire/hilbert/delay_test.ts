import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { DELAY_DIGITS_MAX, parseDelay } from "../../../src/wire/hilbert/delay.ts";

Deno.test("parseDelay reads whatever JavaScript prints without an exponent, rounded up", () => {
  const delays = fc.double({ min: 1e-6, max: 1e15 - 1, noNaN: true });
  fc.assert(
    fc.property(delays, (delay) => {
      fc.pre(!String(delay).includes("e"));
      assert.equal(parseDelay(String(delay)), Math.ceil(delay));
      assert.equal(parseDelay(String(-delay)), Math.ceil(-delay) + 0);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("parseDelay reads all digits up to its limit, and not one more", () => {
  for (let digits = 1; digits <= DELAY_DIGITS_MAX; digits++) {
    assert.equal(parseDelay("9".repeat(digits)), 10 ** digits - 1);
  }
  assert.equal(parseDelay("0".repeat(DELAY_DIGITS_MAX + 1)), undefined);
});
