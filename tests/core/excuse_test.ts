import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { excusedSilenceMs, stageOfState } from "../../src/core/excuse.ts";
import type { MemberState } from "../../src/core/member.ts";

const HILBERT = { missed: 1, late: 3, lost: 5, gone: 6 };

const WELL = { state: "ok", beats: 1, promiseMs: 1000, failure: undefined } as const;

const CASES: [state: MemberState, beats: number, silentMs: number, excusedMs: number][] = [
  ["unknown", 0, 5000, 0],
  ["starting", 0, 5000, 0],
  ["starting", 1, 2500, 0],
  ["ok", 9, 2999, 0],
  ["late", 9, 3000, 3000],
  ["late", 9, 4000, 3000],
  ["late", 9, 1e9, 3000],
  ["lost", 9, 5000, 5000],
  ["lost", 9, 5999, 5000],
  ["lost", 0, 5999, 0],
  ["gone", 9, 1e9, 1e9],
];

for (const [state, beats, silentMs, excusedMs] of CASES) {
  Deno.test(`excusedSilenceMs makes ${excusedMs} of ${silentMs} ms when ${state}, beats ${beats}`, () => {
    const member = { state, beats, promiseMs: 1000, failure: undefined };
    assert.equal(excusedSilenceMs(member, silentMs, HILBERT), excusedMs);
  });
}

Deno.test("excusedSilenceMs never makes a silence longer nor negative", () => {
  const states = fc.constantFrom<MemberState>("unknown", "starting", "ok", "late", "lost", "gone");
  const limit = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(states, fc.nat(), limit, limit, (state, silentMs, lost, gone) => {
      const limits = { missed: 1, late: 1, lost, gone };
      const excusedMs = excusedSilenceMs({ ...WELL, state }, silentMs, limits);
      assert.ok(excusedMs >= 0 && excusedMs <= silentMs);
    }),
  );
});

Deno.test("excusedSilenceMs keeps a silence that leads nowhere", () => {
  const limits = { ...HILBERT, gone: Infinity };
  assert.equal(
    excusedSilenceMs({ ...WELL, state: "lost" }, 12_345, limits),
    12_345,
  );
});

Deno.test("excusedSilenceMs counts nothing against a member that said that it failed", () => {
  assert.equal(
    excusedSilenceMs({ ...WELL, state: "lost", failure: "exit status 7" }, 1e9, HILBERT),
    0,
  );
});

Deno.test("stageOfState names the stage by which a state is reached", () => {
  const states: MemberState[] = ["unknown", "starting", "ok", "late", "lost", "gone"];
  assert.deepEqual(states.map(stageOfState), [0, 0, 0, 2, 3, 4]);
});
