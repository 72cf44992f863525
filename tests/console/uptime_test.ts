import { strict as assert } from "node:assert";
import { uptimeOf } from "../../src/console/uptime.ts";
import type { HistoryEntry } from "../../src/store/history_entry.ts";

const HOUR = 3_600_000;
/** Midnight of the host's calendar, whatever its zone. */
const MIDNIGHT = new Date(2026, 4, 20).getTime();

function state(hour: number, to: string, silentMs = 0, paused = false): HistoryEntry {
  const detail = { from: "?", to, cause: "silence", silentMs, paused };
  return { at: MIDNIGHT + hour * HOUR, type: "member-state", detail };
}

const newestFirst = (entries: HistoryEntry[]) => entries.reverse();

Deno.test("uptimeOf counts from the last sign of life to the next", () => {
  const entries = newestFirst([
    state(0, "ok"),
    state(7, "lost", HOUR),
    state(8, "gone"),
    state(9, "ok"),
  ]);
  const { since, days, outages } = uptimeOf(entries, { now: MIDNIGHT + 12 * HOUR, days: 1 });
  assert.equal(since, new Date(MIDNIGHT).toISOString());
  assert.deepEqual(days, [
    { day: "2026-05-20", uptime: 0.75, downMs: 3 * HOUR, outages: 1 },
  ]);
  assert.deepEqual(outages, [{
    from: new Date(MIDNIGHT + 6 * HOUR).toISOString(),
    to: new Date(MIDNIGHT + 9 * HOUR).toISOString(),
    downMs: 3 * HOUR,
    cause: "silence",
    planned: false,
  }]);
});

Deno.test("uptimeOf splits an outage at midnight, and shows one that lasts", () => {
  const entries = newestFirst([state(-12, "ok"), state(-6, "lost")]);
  const { days, outages } = uptimeOf(entries, { now: MIDNIGHT + 6 * HOUR, days: 3 });
  assert.deepEqual(days, [
    { day: "2026-05-20", uptime: 0, downMs: 6 * HOUR, outages: 1 },
    { day: "2026-05-19", uptime: 0.5, downMs: 6 * HOUR, outages: 1 },
    { day: "2026-05-18", uptime: null, downMs: 0, outages: 0 },
  ]);
  assert.equal(outages[0]?.to, null);
  assert.equal(outages[0]?.downMs, 12 * HOUR);
});

Deno.test("uptimeOf does not hold maintenance against a member", () => {
  const entries = newestFirst([state(0, "ok"), state(2, "lost", 0, true), state(4, "ok")]);
  const { days, outages } = uptimeOf(entries, { now: MIDNIGHT + 8 * HOUR, days: 1 });
  assert.deepEqual(days, [{ day: "2026-05-20", uptime: 1, downMs: 0, outages: 0 }]);
  assert.equal(outages[0]?.planned, true);
});

Deno.test("uptimeOf ends an outage when the member is forgotten, and knows nothing of nobody", () => {
  const forgotten: HistoryEntry = {
    at: MIDNIGHT + 3 * HOUR,
    type: "member-forgotten",
    detail: { cause: "aged" },
  };
  const entries = newestFirst([state(0, "ok"), state(2, "lost"), forgotten]);
  const { outages } = uptimeOf(entries, { now: MIDNIGHT + 8 * HOUR, days: 1 });
  assert.equal(outages[0]?.downMs, HOUR);
  const registered: HistoryEntry = {
    at: MIDNIGHT + 7 * HOUR,
    type: "member-registered",
    detail: {},
  };
  const again = newestFirst([state(0, "ok"), state(2, "lost"), forgotten, registered]);
  // Known for three hours and then for one; away for one of these four.
  assert.equal(uptimeOf(again, { now: MIDNIGHT + 8 * HOUR, days: 1 }).days[0]?.uptime, 0.75);
  assert.deepEqual(uptimeOf([], { now: MIDNIGHT + 1, days: 1 }), {
    since: null,
    days: [{ day: "2026-05-20", uptime: null, downMs: 0, outages: 0 }],
    outages: [],
  });
});
