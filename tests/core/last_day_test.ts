import { strict as assert } from "node:assert";
import { LastDay, STRIP_LENGTH } from "../../src/core/last_day.ts";
import { Cells, HALF_HOUR_MS, noFigures } from "../../src/core/uptime_cells.ts";

const NOON = Date.UTC(2026, 4, 12, 12);

/** A half-hour in which a member was lost for a part of the time. */
function lost(downMs: number) {
  return { ...noFigures(), knownMs: HALF_HOUR_MS, downMs, outages: 1, worst: "lost" as const };
}

Deno.test("LastDay has a letter for each half-hour, the present one last", () => {
  const day = new LastDay(10);
  const ok = { ...noFigures(), knownMs: HALF_HOUR_MS, worst: "ok" as const };
  day.add("a", NOON - 2 * HALF_HOUR_MS, ok);
  day.add("a", NOON - HALF_HOUR_MS, lost(HALF_HOUR_MS / 2));
  const view = day.view("a", NOON, [], "late");
  assert.equal(view.strip, `${"-".repeat(STRIP_LENGTH - 3)}oxl`);
  assert.equal(view.uptime24h, 0.75);
  assert.equal(view.outages24h, 1);
  assert.equal(day.size, 1);
});

Deno.test("LastDay forgets what is older than a day, also when it comes late", () => {
  const day = new LastDay(10);
  day.add("a", NOON - STRIP_LENGTH * HALF_HOUR_MS, lost(1));
  day.add("a", NOON, { ...noFigures(), knownMs: 1, worst: "ok" });
  day.add("a", NOON - STRIP_LENGTH * HALF_HOUR_MS, lost(1));
  assert.equal(day.view("a", NOON, [], undefined).strip, `${"-".repeat(STRIP_LENGTH - 1)}o`);
});

Deno.test("LastDay adds what is counted and not yet settled", () => {
  const day = new LastDay(10);
  const fresh = new Cells();
  Object.assign(fresh.halfHour(NOON), lost(600_000));
  const sum = day.sum("nobody yet", NOON, [fresh], "ok");
  assert.deepEqual([sum.knownMs, sum.downMs, sum.worst], [HALF_HOUR_MS, 600_000, "lost"]);
});

Deno.test("LastDay gives back each figure that was added, and an outage that goes on counts once", () => {
  const day = new LastDay(10);
  const figures = { knownMs: 1_024, downMs: 512, plannedMs: 256, outages: 2, carried: 1 };
  const before = { ...figures, worst: "late" as const };
  const after = { ...figures, carried: 2, worst: "lost" as const };
  day.add("a", NOON - HALF_HOUR_MS, before);
  day.add("a", NOON, after);
  day.add("a", NOON, after);
  assert.deepEqual(day.sum("a", NOON, [], undefined), {
    knownMs: 3_072,
    downMs: 1_536,
    plannedMs: 768,
    outages: 6,
    carried: 5,
    worst: "lost",
  });
  assert.equal(day.view("a", NOON, [], undefined).outages24h, 2);
});

Deno.test("LastDay counts an outage that began before the day, and no outage where there was none", () => {
  const day = new LastDay(10);
  const goesOn = { ...lost(1), carried: 1 };
  for (const ago of [2, 1]) day.add("a", NOON - ago * HALF_HOUR_MS, goesOn);
  day.add("a", NOON, { ...lost(1), outages: 3, carried: 1 });
  assert.equal(day.view("a", NOON, [], undefined).outages24h, 3);
  assert.equal(day.view("b", NOON, [], "ok").outages24h, 0);
});

Deno.test("LastDay keeps so many members; the one that came first makes room", () => {
  const day = new LastDay(2);
  for (const name of ["a", "b", "c"]) day.add(name, NOON, lost(1));
  assert.equal(day.size, 2);
  assert.match(day.view("a", NOON, [], undefined).strip, /^-+$/);
});

Deno.test("LastDay shows nothing of a time that it does not know, whether the clock went on or was set back", () => {
  const day = new LastDay(10);
  for (let ago = STRIP_LENGTH - 1; ago >= 0; ago--) {
    day.add("a", NOON - ago * HALF_HOUR_MS, lost(1));
  }
  const stripAt = (from: number) => day.view("a", from, [], undefined).strip;
  const shown = "x".repeat(STRIP_LENGTH - 10);
  assert.equal(stripAt(NOON + 10 * HALF_HOUR_MS), shown + "-".repeat(10));
  assert.equal(stripAt(NOON - 10 * HALF_HOUR_MS), "-".repeat(10) + shown);
});
