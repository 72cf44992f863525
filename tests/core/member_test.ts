import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { Member, silenceOfNextStageMs, stateAfterSilence } from "../../src/core/member.ts";

const HILBERT = { missed: 1, late: 3, lost: 5, gone: 6 };

Deno.test("silenceOfNextStageMs is the limit in promises, and never comes where there is none", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (promiseMs) => {
    const silences = ([0, 1, 2, 3, 4] as const).map((stage) =>
      silenceOfNextStageMs(stage, promiseMs, HILBERT)
    );
    assert.deepEqual(silences, [1, 3, 5, 6, Infinity].map((ratio) => ratio * promiseMs));
  }));
  assert.equal(silenceOfNextStageMs(2, 1, { ...HILBERT, lost: Infinity }), Infinity);
});

Deno.test("stateAfterSilence keeps the state of a member that is only missed", () => {
  assert.deepEqual(
    ([0, 1, 2, 3, 4] as const).map((stage) => stateAfterSilence("starting", stage)),
    ["starting", "starting", "late", "lost", "gone"],
  );
});

Deno.test("Member takes its name from the front of its identity", () => {
  for (const name of ["tetris", "", "a @ b", "Käfer 🐞"]) {
    const member = new Member({ id: `${name} @ 10.0.0.1`, name, address: "10.0.0.1" }, 1000, 5);
    assert.equal(member.name, name);
    assert.equal(member.heardAt, 5);
    assert.equal(member.since, 5);
    assert.equal(member.state, "unknown");
  }
});

Deno.test("Member is listed from its first beat until it is gone", () => {
  const member = new Member({ id: "a @ b", name: "a", address: "b" }, 1000, 0);
  assert.equal(member.listed, false);
  member.beats = 1;
  assert.equal(member.listed, true);
  member.state = "gone";
  assert.equal(member.listed, false);
});
