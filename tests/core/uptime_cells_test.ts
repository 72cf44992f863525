import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { Calendar } from "../../src/core/calendar.ts";
import {
  addFigures,
  Cells,
  type Figures,
  HALF_HOUR_MS,
  noFigures,
  portionsOf,
  shareOf,
  UPTIME_CONDITIONS,
  UPTIME_DAYS_MAX,
  UPTIME_HALF_HOURS_MAX,
  worse,
} from "../../src/core/uptime_cells.ts";

const figures: fc.Arbitrary<Figures> = fc.record({
  knownMs: fc.nat(1e6),
  downMs: fc.nat(1e6),
  plannedMs: fc.nat(1e6),
  outages: fc.nat(9),
  carried: fc.nat(9),
  worst: fc.constantFrom(...UPTIME_CONDITIONS),
}, { noNullPrototype: true });

Deno.test("addFigures adds up, in whatever order, and keeps the worst", () => {
  fc.assert(fc.property(fc.array(figures), (parts) => {
    const sum = noFigures();
    for (const part of parts) addFigures(sum, part);
    const back = noFigures();
    for (const part of parts.toReversed()) addFigures(back, part);
    assert.deepEqual(sum, back);
    const total = (key: "knownMs" | "downMs" | "plannedMs" | "outages" | "carried") =>
      parts.reduce((all, part) => all + part[key], 0);
    for (const key of ["knownMs", "downMs", "plannedMs", "outages", "carried"] as const) {
      assert.equal(sum[key], total(key));
    }
    const ranks = parts.map(({ worst }) => UPTIME_CONDITIONS.indexOf(worst));
    assert.equal(sum.worst, UPTIME_CONDITIONS[Math.max(0, ...ranks)]);
  }));
});

Deno.test("worse orders the conditions from unknown to lost", () => {
  assert.equal(worse("unknown", "ok"), "ok");
  assert.equal(worse("maintenance", "ok"), "maintenance");
  assert.equal(worse("late", "lost"), "lost");
});

Deno.test("shareOf leaves maintenance out, and is nothing where no time counts", () => {
  const of = (knownMs: number, downMs: number, plannedMs: number) =>
    shareOf({ ...noFigures(), knownMs, downMs, plannedMs });
  assert.equal(of(0, 0, 0), null);
  assert.equal(of(10, 0, 10), null);
  assert.equal(of(100, 25, 0), 0.75);
  assert.equal(of(100, 25, 50), 0.5);
  // Rounding never makes more or less than all.
  assert.equal(of(10, 11, 0), 0);
});

Deno.test("Cells drops the oldest of each kind when there are too many", () => {
  const cells = new Cells();
  assert.equal(cells.isEmpty, true);
  cells.day("2026-01-01").knownMs = 7;
  assert.equal(cells.day("2026-01-01").knownMs, 7);
  for (let index = 0; index < UPTIME_DAYS_MAX; index++) cells.day(`day ${index}`);
  for (let index = 0; index <= UPTIME_HALF_HOURS_MAX; index++) cells.halfHour(index);
  assert.equal(cells.days.size, UPTIME_DAYS_MAX);
  assert.equal(cells.days.has("2026-01-01"), false);
  assert.equal(cells.halfHours.size, UPTIME_HALF_HOURS_MAX);
  assert.equal(cells.halfHours.has(0), false);
  assert.equal(cells.isEmpty, false);
  cells.clear();
  assert.equal(cells.isEmpty, true);
});

Deno.test("portionsOf splits a span without gap, within half-hours and days, also where clocks change", () => {
  const calendar = new Calendar("Europe/Berlin");
  const around = fc.constantFrom(
    "2026-03-29T00:00:00Z",
    "2026-10-25T00:00:00Z",
    "2026-06-01T00:00:00Z",
  )
    .map((text) => Date.parse(text));
  fc.assert(fc.property(around, fc.nat(2e8), fc.nat(1e8), (base, offset, length) => {
    const from = base - 1e8 + offset;
    const to = from + length;
    let at = from;
    for (const { day, halfHour, ms } of portionsOf({ from, to }, calendar)) {
      assert.ok(ms > 0 && ms <= HALF_HOUR_MS);
      assert.ok(halfHour <= at && at + ms <= halfHour + HALF_HOUR_MS);
      assert.equal(day, calendar.dayOf(at).name);
      assert.equal(day, calendar.dayOf(at + ms - 1).name);
      at += ms;
    }
    assert.equal(at, Math.max(from, to));
  }));
});
