import { strict as assert } from "node:assert";
import { ACTION_MEMBERS_MAX, LostRuns } from "../../src/appliance/lost_runs.ts";

function lost(name: string) {
  return {
    member: { protocol: "hilbert", id: name, name, address: "10.0.0.7" } as const,
    silentMs: 1,
  };
}

Deno.test("LostRuns drops nobody who waits, and forgets who had its run the longest ago", () => {
  const runs = new LostRuns();
  const count = ACTION_MEMBERS_MAX + 2_000;
  for (let index = 0; index < count; index++) {
    assert.equal(runs.want(lost(`program${index}`), 0), 0);
  }
  assert.equal(runs.size, count);
  const ran = new Set<string>();
  for (let next = runs.take(0, () => "run"); next; next = runs.take(0, () => "run")) {
    ran.add(next.member.id);
    runs.finish(next, "done");
  }
  assert.equal(ran.size, count, "each had its run");
  assert.equal(runs.size, ACTION_MEMBERS_MAX);
  assert.equal(runs.nextAt(), Infinity);
  // The first is as one that never ran; of the last it is known that it did.
  assert.equal(runs.want(lost("program0"), 1), 0);
  assert.ok((runs.want(lost(`program${count - 1}`), 1) ?? 0) > 0);
  assert.ok(runs.size <= ACTION_MEMBERS_MAX + 2);
});
