import { strict as assert } from "node:assert";
import { compareTable } from "../../scripts/torture/token_timing.ts";

const SAMPLES = 30_000;
/** Far beyond what a busy machine makes of nothing, and far below what an early end makes. */
const T_MAX = 20;

const worst = (comparisons: ReturnType<typeof compareTable>) =>
  Math.max(...comparisons.map(({ t }) => Math.abs(t)));

Deno.test("the time of a wrong token does not tell how much of it is right", () => {
  const t = worst(compareTable(SAMPLES));
  assert.ok(t < T_MAX, `t = ${t}`);
});

Deno.test("a comparison that ends at the first wrong character would be noticed", () => {
  const good = "write-token-0123456789abcdef0123456789abcdef";
  const t = worst(compareTable(SAMPLES, (token) => {
    for (let index = 0; index < good.length; index++) {
      if (token.charCodeAt(index) !== good.charCodeAt(index)) return undefined;
    }
    return "write";
  }));
  assert.ok(t > T_MAX, `t = ${t}`);
});
