import { strict as assert } from "node:assert";
import { tortureWebhooks } from "../../scripts/torture/webhooks.ts";

Deno.test("a host that is killed tells each outage once, to an endpoint that fails in every way", async () => {
  const report = await tortureWebhooks({ applications: 40, rounds: 2, kills: 1, seed: 20_261_127 });
  assert.deepEqual(report.complaints, []);
  assert.equal(report.kills, 1);
  assert.ok(report.answered >= 2);
});
