import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  Member,
  silenceOfNextStageMs,
  type Stage,
  stageOf,
  stateAfterSilence,
} from "../../src/core/member.ts";

const HILBERT = { missed: 1, late: 3, lost: 5, gone: 6 };

Deno.test("stageOf reaches each stage exactly at its limit", () => {
  const cases: [silentMs: number, stage: Stage][] = [
    [0, 0],
    [999.9, 0],
    [1000, 1],
    [2999.9, 1],
    [3000, 2],
    [4999.9, 2],
    [5000, 3],
    [5999.9, 3],
    [6000, 4],
    [1e300, 4],
  ];
  for (const [silentMs, stage] of cases) assert.equal(stageOf(silentMs, 1000, HILBERT), stage);
});

Deno.test("stageOf never reaches a stage whose limit is infinite", () => {
  const limits = { missed: 1, late: 2, lost: Infinity, gone: Infinity };
  assert.equal(stageOf(1e300, 1, limits), 2);
  assert.equal(silenceOfNextStageMs(2, 1, limits), Infinity);
});

Deno.test("silenceOfNextStageMs is the silence at which stageOf reaches that stage", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (promiseMs) => {
    for (const stage of [0, 1, 2, 3] as const) {
      const silentMs = silenceOfNextStageMs(stage, promiseMs, HILBERT);
      assert.equal(stageOf(silentMs, promiseMs, HILBERT), stage + 1);
      assert.equal(stageOf(silentMs - 0.5, promiseMs, HILBERT), stage);
    }
    assert.equal(silenceOfNextStageMs(4, promiseMs, HILBERT), Infinity);
  }));
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
