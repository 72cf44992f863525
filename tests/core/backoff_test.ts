import { strict as assert } from "node:assert";
import { Backoff } from "../../src/core/backoff.ts";

Deno.test("Backoff: each wait is twice the one before, up to the longest, until an attempt succeeds", () => {
  const backoff = new Backoff({ minMs: 100, maxMs: 700, random: () => 0 });
  const five = () => Array.from({ length: 5 }, () => backoff.next());
  assert.deepEqual(five(), [100, 200, 400, 700, 700]);
  backoff.reset();
  assert.deepEqual(five(), [100, 200, 400, 700, 700]);
});

Deno.test("Backoff: chance adds up to half, so that hosts that failed together do not try together", () => {
  for (const chance of [0, 0.5, 0.75]) {
    const backoff = new Backoff({ minMs: 100, maxMs: 100, random: () => chance });
    assert.equal(backoff.next(), 100 + 50 * chance);
  }
  const waits = new Set(
    Array.from({ length: 100 }, () => new Backoff({ minMs: 1_000, maxMs: 60_000 }).next()),
  );
  assert.ok(waits.size > 90, "by default chance is real");
});
