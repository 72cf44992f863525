import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { LEASES_MAX, LeaseTable, NO_LEASE } from "../../src/core/lease_table.ts";
import { LeaseOracle, seededRandom } from "./lease_oracle.ts";

/** Small wheels go round often; the last one is the default. */
const WHEELS = [
  { granularityMs: 1, slots: 64 },
  { granularityMs: 16, slots: 64 },
  { granularityMs: 7, slots: 128 },
  { granularityMs: 16, slots: 4096 },
] as const;

function collect(table: LeaseTable<string>, now: number): string[] {
  const ended: string[] = [];
  table.advance(now, (value) => ended.push(value));
  return ended.sort();
}

function add<T>(table: LeaseTable<T>, value: T, deadline: number): number {
  const lease = table.add(value, deadline);
  assert.ok(lease !== undefined);
  return lease;
}

Deno.test("LeaseTable agrees with a naive oracle over a million random operations", () => {
  let operations = 0;
  let ended = 0;
  let thrown = 0;
  for (let seed = 0; operations < 1_000_000; seed++) {
    const wheel = WHEELS[seed % WHEELS.length] ?? WHEELS[0];
    const origin = [0, 1234.567, -98765.4321, 1e9 + 0.1][seed % 4] ?? 0;
    const oracle = new LeaseOracle(
      { now: origin, leasesMax: 40 + (seed % 100), ...wheel },
      seededRandom(seed),
    );
    for (let step = 0; step < 5000; step++) oracle.step();
    oracle.drain();
    operations += oracle.operations;
    ended += oracle.ended;
    thrown += oracle.thrown;
  }
  assert.ok(ended > 100_000, `the run ended ${ended} leases`);
  assert.ok(thrown > 1_000, `the run threw ${thrown} times`);
});

Deno.test("LeaseTable agrees with a naive oracle for any seed, wheel and origin", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(...WHEELS),
      fc.double({ min: -1e10, max: 1e10, noNaN: true }),
      fc.integer({ min: 1, max: 300 }),
      (seed, wheel, now, leasesMax) => {
        const oracle = new LeaseOracle({ now, leasesMax, ...wheel }, seededRandom(seed));
        for (let step = 0; step < 300; step++) oracle.step();
        oracle.drain();
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("LeaseTable ends a lease exactly at its deadline, not a hair before", () => {
  const table = new LeaseTable<string>({ now: 0 });
  add(table, "a", 1000);
  assert.deepEqual(collect(table, 1000 - 2 ** -40), []);
  assert.deepEqual(collect(table, 1000), ["a"]);
  assert.deepEqual(collect(table, 1000), []);
});

Deno.test("LeaseTable ends a lease of any length, however late the call is", () => {
  const table = new LeaseTable<string>({ now: 0, granularityMs: 16, slots: 64 });
  add(table, "within a tick", 3);
  add(table, "one revolution", 16 * 64);
  add(table, "many revolutions", 16 * 64 * 1000 + 5);
  add(table, "a million years", 3e16);
  assert.deepEqual(collect(table, 16 * 64 * 5000), [
    "many revolutions",
    "one revolution",
    "within a tick",
  ]);
  assert.equal(table.nextWake(), 3e16);
  assert.deepEqual(collect(table, 2.9e16), []);
  assert.deepEqual(collect(table, 3e16), ["a million years"]);
  add(table, "later still", 4e16);
  assert.deepEqual(collect(table, 4e16), ["later still"]);
});

Deno.test("LeaseTable ends a lease whose deadline has passed with the next call", () => {
  const table = new LeaseTable<string>({ now: 0 });
  collect(table, 1_000_000);
  add(table, "past", 5);
  add(table, "before all time", -Infinity);
  assert.equal(table.nextWake(), -Infinity);
  assert.deepEqual(collect(table, 1_000_000), ["before all time", "past"]);
});

Deno.test("LeaseTable ends a passed lease though time stepped backwards", () => {
  const table = new LeaseTable<string>({ now: 0 });
  collect(table, 1000);
  add(table, "a", 500);
  assert.deepEqual(collect(table, 900), ["a"]);
});

Deno.test("LeaseTable loses nothing by a step backwards", () => {
  const table = new LeaseTable<string>({ now: 0 });
  add(table, "a", 1500);
  collect(table, 1000);
  assert.deepEqual(collect(table, -5000), []);
  assert.equal(table.nextWake(), 1500);
  assert.deepEqual(collect(table, 1500), ["a"]);
});

Deno.test("LeaseTable wakes at once for leases that a callback's exception left behind", () => {
  const table = new LeaseTable<string>({ now: 0 });
  add(table, "a", 10);
  add(table, "b", 20);
  assert.throws(() =>
    table.advance(30, () => {
      throw new Error("listener");
    }), /listener/);
  assert.equal(table.size, 1);
  const wake = table.nextWake();
  assert.ok(wake !== undefined && wake <= 20);
  assert.equal(collect(table, 30).length, 1);
  assert.equal(table.nextWake(), undefined);
});

Deno.test("LeaseTable lets a renewal win over an end that was not handed out yet", () => {
  const table = new LeaseTable<number>({ now: 0 });
  const leases = [add(table, 0, 10), add(table, 1, 10)];
  const ended: number[] = [];
  table.advance(10, (value) => {
    ended.push(value);
    assert.equal(table.renew(leases[1 - value] ?? NO_LEASE, 50), true);
  });
  assert.equal(ended.length, 1);
  assert.equal(table.size, 1);
  assert.equal(table.nextWake(), 50);
});

Deno.test("LeaseTable lets a removal win over an end that was not handed out yet", () => {
  const table = new LeaseTable<number>({ now: 0 });
  const leases = [add(table, 0, 10), add(table, 1, 10)];
  const count = table.advance(10, (value) => {
    assert.equal(table.remove(leases[1 - value] ?? NO_LEASE), true);
  });
  assert.equal(count, 1);
  assert.equal(table.size, 0);
  assert.equal(table.nextWake(), undefined);
});

Deno.test("LeaseTable keeps a lease that its own callback adds again for the next call", () => {
  const table = new LeaseTable<string>({ now: 0 });
  add(table, "a", 10);
  assert.equal(table.advance(10, () => void add(table, "again", 10)), 1);
  assert.equal(table.nextWake(), 10);
  assert.deepEqual(collect(table, 10), ["again"]);
});

Deno.test("LeaseTable wakes never for leases without end, however many they are", () => {
  const table = new LeaseTable<number>({ now: 0, slots: 64 });
  for (let value = 0; value < 10_000; value++) add(table, value, Infinity);
  assert.equal(table.nextWake(), undefined);
  const lease = add(table, 10_000, 40_000);
  assert.equal(table.nextWake(), 40_000);
  table.renew(lease, Infinity);
  table.advance(1e9, () => assert.fail("nothing ends"));
  assert.equal(table.nextWake(), undefined);
  assert.equal(table.renew(lease, 2e9), true);
  assert.equal(table.nextWake(), 2e9);
});

Deno.test("LeaseTable lets time go on though a crowd shares the slot of now", () => {
  // All hang on the slot of the first tick, and none ends within this revolution.
  const table = new LeaseTable<number>({ now: 0.5, granularityMs: 16, slots: 64 });
  const deadline = 16 * 64 * 10 + 1;
  for (let value = 0; value < 10_000; value++) add(table, value, deadline);
  let now = 0.5;
  let ended = 0;
  for (let wakes = 0; ended === 0; wakes++) {
    assert.ok(wakes < 20, "a wake-up for each revolution at the most");
    const wake = table.nextWake();
    assert.ok(wake !== undefined && wake > now && wake <= deadline);
    now = wake;
    ended = table.advance(now, () => {});
  }
  assert.equal(now, deadline);
  assert.equal(ended, 10_000);
});

Deno.test("LeaseTable estimates its wake-up when a crowd was put off, and is never late", () => {
  const table = new LeaseTable<number>({ now: 0 });
  const leases: number[] = [];
  for (let value = 0; value < 20_000; value++) leases.push(add(table, value, 100 + value));
  for (const lease of leases) table.renew(lease, 50_000 + lease % 7);
  let now = 0;
  let ended = 0;
  for (let wakes = 0; table.size > 0; wakes++) {
    assert.ok(wakes < 10_000);
    const wake = table.nextWake();
    assert.ok(wake !== undefined && wake > now);
    now = wake;
    ended += table.advance(now, (_, deadline) => assert.equal(deadline, now));
  }
  assert.equal(ended, 20_000);
});

Deno.test("LeaseTable refuses a lease beyond its limit and takes one again after an end", () => {
  const table = new LeaseTable<string>({ now: 0, leasesMax: 2 });
  const first = add(table, "a", 10);
  add(table, "b", 20);
  assert.equal(table.add("c", 30), undefined);
  assert.equal(table.size, 2);
  table.remove(first);
  add(table, "c", 30);
  assert.deepEqual(collect(table, 30), ["b", "c"]);
});

Deno.test("LeaseTable does nothing for a handle that is stale or never was one", () => {
  const table = new LeaseTable<string>({ now: 0 });
  const old = add(table, "a", 10);
  table.remove(old);
  const reused = add(table, "b", 10);
  assert.notEqual(old, reused);
  for (const handle of [old, NO_LEASE, 0, 1, 0.5, NaN, Infinity, -1e300, 2 ** 53, reused + 0.5]) {
    assert.equal(table.renew(handle, 99), false, `${handle}`);
    assert.equal(table.remove(handle), false, `${handle}`);
    assert.equal(table.deadline(handle), undefined, `${handle}`);
  }
  assert.equal(table.deadline(reused), 10);
});

Deno.test("LeaseTable refuses options out of range and numbers that are none", () => {
  for (
    const options of [
      { now: NaN },
      { now: Infinity },
      { now: 0, granularityMs: 0 },
      { now: 0, granularityMs: 0.5 },
      { now: 0, granularityMs: 65_537 },
      { now: 0, slots: 32 },
      { now: 0, slots: 100 },
      { now: 0, slots: 131_072 },
      { now: 0, leasesMax: 0 },
      { now: 0, leasesMax: 1.5 },
      { now: 0, leasesMax: LEASES_MAX + 1 },
    ]
  ) {
    assert.throws(() => new LeaseTable(options), RangeError, JSON.stringify(options));
  }
  const table = new LeaseTable<string>({ now: 0 });
  const lease = add(table, "a", 10);
  assert.throws(() => table.add("b", NaN), /a deadline is a number/);
  assert.throws(() => table.renew(lease, NaN), /a deadline is a number/);
  assert.throws(() => table.advance(NaN, () => {}), /finite/);
  assert.throws(() => table.advance(Infinity, () => {}), /finite/);
  assert.equal(table.deadline(lease), 10);
});
