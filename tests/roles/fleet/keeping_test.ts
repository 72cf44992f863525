import { strict as assert } from "node:assert";
import { KEEP_RETRY_MS_MIN, Keeping } from "../../../src/roles/fleet/keeping.ts";
import { RETELL_MS } from "../../../src/roles/fleet/options.ts";

Deno.test("Keeping: what the brokers do not keep is reported again, ever less often", () => {
  const keeping = new Keeping();
  const waits: number[] = [];
  for (let now = 0; waits.length < 12;) {
    keeping.failed(keeping.report(), now);
    const since = now;
    while (!keeping.isDue(now)) now += KEEP_RETRY_MS_MIN;
    waits.push(now - since);
  }
  const doubled = waits.map((_, index) => Math.min(KEEP_RETRY_MS_MIN * 2 ** index, RETELL_MS));
  assert.deepEqual(waits, doubled);
  keeping.begin();
  keeping.failed(keeping.report(), 0);
  assert.equal(keeping.isDue(KEEP_RETRY_MS_MIN), true, "other brokers are asked at once");
});

Deno.test("Keeping: what is kept, or was overtaken by a newer report, is not reported again", () => {
  const keeping = new Keeping();
  keeping.kept(keeping.report());
  assert.equal(keeping.isDue(Number.MAX_SAFE_INTEGER), false);
  const older = keeping.report();
  keeping.kept(keeping.report());
  keeping.failed(older, 0);
  assert.equal(keeping.isDue(Number.MAX_SAFE_INTEGER), false);
});
