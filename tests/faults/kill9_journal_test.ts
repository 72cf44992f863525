import { strict as assert } from "node:assert";
import { Journal, type Memory, NOTHING } from "../../scripts/torture/journal.ts";

const LISTED: Memory = { listed: true, promiseMs: 2_000, pause: undefined };
const PAUSED: Memory = { ...LISTED, pause: "lamp" };

Deno.test("A journal expects what was confirmed a second before the kill", () => {
  const journal = new Journal();
  journal.begin({ kind: "beat", promiseMs: 2_000 })(1_000);
  assert.deepEqual(journal.acceptable(2_000), [LISTED]);
});

Deno.test("A journal takes every beginning of what came later or was not confirmed", () => {
  const journal = new Journal();
  journal.begin({ kind: "beat", promiseMs: 2_000 })(1_500);
  journal.begin({ kind: "pause", reason: "lamp" })(1_600);
  journal.begin({ kind: "done" });
  assert.deepEqual(journal.acceptable(2_000), [
    NOTHING,
    LISTED,
    PAUSED,
    { listed: false, promiseMs: 0, pause: "lamp" },
  ]);
});

Deno.test("A journal takes no later operation without the earlier ones", () => {
  const journal = new Journal();
  journal.begin({ kind: "beat", promiseMs: 2_000 })(1_500);
  journal.begin({ kind: "pause", reason: "lamp" })(100);
  assert.deepEqual(journal.acceptable(2_000), [NOTHING, LISTED, PAUSED]);
});

Deno.test("A journal goes on from what was found", () => {
  const journal = new Journal();
  journal.begin({ kind: "beat", promiseMs: 2_000 });
  journal.rebase(LISTED);
  journal.begin({ kind: "pause", reason: "lamp" })(10);
  journal.begin({ kind: "resume" })(20);
  assert.deepEqual(journal.acceptable(1_015), [PAUSED, LISTED]);
  assert.deepEqual(journal.latest, LISTED);
});
