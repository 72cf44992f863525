import { strict as assert } from "node:assert";
import { torture } from "../../scripts/torture/kill9.ts";

const KILLS = 8;
const SEED = 20_260_101;

Deno.test("A host that is killed under load forgets nothing older than a second and alarms nobody", async () => {
  const report = await torture({ count: KILLS, seed: SEED });
  assert.deepEqual(report.complaints, []);
  assert.equal(report.kills, KILLS);
  assert.ok(report.memoriesChecked > 0 && report.dead > 0);
});
