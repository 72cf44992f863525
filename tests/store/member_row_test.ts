import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import type { MemberRecord } from "../../src/core/member_record.ts";
import {
  ELAPSED_MS_MAX,
  elapsedMs,
  pauseOfRow,
  recordOfRow,
  rowOf,
  rowOfPause,
} from "../../src/store/member_row.ts";

const durationMs = fc.integer({ min: 0, max: 400 * 86_400_000 });
const wallMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
const rest = fc.oneof(durationMs, fc.constant(Infinity));

const records: fc.Arbitrary<MemberRecord> = fc.record({
  name: fc.string(),
  address: fc.ipV4(),
  state: fc.constantFrom("unknown", "starting", "ok", "late", "lost", "gone"),
  stateMs: durationMs,
  promiseMs: fc.integer({ min: 1, max: 1e12 }),
  silentMs: durationMs,
  beats: fc.nat(),
  pause: fc.option(
    fc.record({ reason: fc.string(), forMs: rest }, { noNullPrototype: true }),
    { nil: undefined },
  ),
}).map((record) => ({ ...record, id: `${record.name} @ ${record.address}` }));

Deno.test("A record comes back as it was written if no time passes", () => {
  fc.assert(fc.property(records, wallMs, (record, wall) => {
    const row = rowOf("hilbert", record, wall);
    assert.deepEqual(recordOfRow(row, wall), { protocol: "hilbert", record });
  }));
});

Deno.test("A record comes back older by the outage, its pause shorter by no more than that", () => {
  fc.assert(
    fc.property(records, wallMs, fc.nat({ max: ELAPSED_MS_MAX }), (record, wall, passed) => {
      const back = recordOfRow(rowOf("tix", record, wall), wall + passed)?.record;
      assert.equal(back?.stateMs, record.stateMs + passed);
      assert.equal(back?.silentMs, record.silentMs + passed);
      const before = record.pause?.forMs ?? 0;
      assert.equal(back?.pause?.forMs ?? 0, Math.max(0, before - passed));
    }),
  );
});

Deno.test("Whatever the wall clock does, no duration is negative and no pause grows", () => {
  fc.assert(fc.property(records, wallMs, wallMs, (record, written, loaded) => {
    const back = recordOfRow(rowOf("hev", record, written), loaded)?.record;
    assert.ok(back !== undefined);
    assert.ok(back.stateMs >= record.stateMs && back.stateMs <= record.stateMs + ELAPSED_MS_MAX);
    assert.ok(back.silentMs >= record.silentMs);
    assert.equal(back.pause === undefined, record.pause === undefined);
    assert.ok((back.pause?.forMs ?? 0) <= (record.pause?.forMs ?? 0));
    assert.ok((back.pause?.forMs ?? 0) >= 0);
  }));
});

Deno.test("A pause of the host follows the same rule", () => {
  fc.assert(fc.property(rest, wallMs, wallMs, (forMs, written, loaded) => {
    const back = pauseOfRow(rowOfPause({ reason: "lamp", forMs }, written), loaded);
    assert.equal(back.reason, "lamp");
    assert.equal(back.forMs, Math.max(0, forMs - elapsedMs(written, loaded)));
  }));
});

Deno.test("Time between two runs counts up to a limit, and never backwards", () => {
  assert.equal(elapsedMs(1_000, 3_000), 2_000);
  assert.equal(elapsedMs(3_000, 1_000), 0);
  assert.equal(elapsedMs(0, ELAPSED_MS_MAX), ELAPSED_MS_MAX);
  assert.equal(elapsedMs(0, ELAPSED_MS_MAX + 1), 0);
});

const GOOD = rowOf("hilbert", {
  id: "a @ b",
  name: "a",
  address: "b",
  state: "ok",
  stateMs: 0,
  promiseMs: 1,
  silentMs: 0,
  beats: 1,
  pause: undefined,
}, 0);

for (
  const [name, change] of [
    ["an unknown protocol", { protocol: "smtp" }],
    ["an inherited name as its protocol", { protocol: "constructor" }],
    ["an unknown state", { state: "asleep" }],
    ["a name that its identity does not begin with", { name: "b" }],
    ["no promise", { promise_ms: 0 }],
    ["a negative promise", { promise_ms: -1 }],
    ["an endless promise", { promise_ms: Infinity }],
    ["a negative count", { beats: -1 }],
  ] as const
) {
  Deno.test(`A row makes no record if it has ${name}`, () => {
    assert.ok(recordOfRow(GOOD, 0) !== undefined);
    assert.equal(recordOfRow({ ...GOOD, ...change }, 0), undefined);
  });
}
