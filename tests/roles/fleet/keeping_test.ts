import { strict as assert } from "node:assert";
import { KEEP_RETRY_MS_MIN, Keeping } from "../../../src/roles/fleet/keeping.ts";
import { RETELL_MS } from "../../../src/roles/fleet/options.ts";

Deno.test("Keeping: what the brokers do not keep is reported again, ever less often", () => {
  const keeping = new Keeping(() => 0);
  const waits = (count: number) =>
    Array.from({ length: count }, () => {
      let now = 0;
      keeping.failed(keeping.report(false), now, "timeout");
      while (!keeping.isDue(now)) now += KEEP_RETRY_MS_MIN;
      return now;
    });
  const doubled = (index: number) => Math.min(KEEP_RETRY_MS_MIN * 2 ** index, RETELL_MS);
  assert.deepEqual(waits(12), Array.from({ length: 12 }, (_, index) => doubled(index)));
  keeping.kept(keeping.report(false));
  assert.deepEqual(waits(3), [0, 1, 2].map(doubled), "after a success it is quick again");
  keeping.report(true);
  assert.deepEqual(waits(3), [0, 1, 2].map(doubled), "news is reported again soon");
});

Deno.test("Keeping: what is kept, or was overtaken by a newer report, is not reported again", () => {
  const keeping = new Keeping();
  keeping.kept(keeping.report(true));
  assert.equal(keeping.isDue(Number.MAX_SAFE_INTEGER), false);
  const older = keeping.report(true);
  keeping.kept(keeping.report(true));
  keeping.failed(older, 0, "timeout");
  assert.equal(keeping.isDue(Number.MAX_SAFE_INTEGER), false);
});

Deno.test("Keeping knows why the latest report is not kept, until one is", () => {
  const keeping = new Keeping();
  assert.equal(keeping.problem, undefined);
  const first = keeping.report(true);
  keeping.failed(first, 0, "timeout");
  assert.equal(keeping.problem, "timeout");
  const second = keeping.report(false);
  keeping.kept(first);
  assert.equal(keeping.problem, "timeout", "of the second, nobody knows yet");
  keeping.kept(second);
  assert.equal(keeping.problem, undefined);
});
