import { strict as assert } from "node:assert";
import { type Uptime, viewUptime } from "../../src/console/uptime.ts";
import { Calendar } from "../../src/core/calendar.ts";
import { HandClock, heardFrom, idOf, VirtualHost } from "../store/virtual_host.ts";

const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;
const TETRIS = { protocol: "hilbert", id: idOf("tetris") } as const;

/** A host in Berlin with a member that is there from this time on. */
function berlinHost(start: string): VirtualHost {
  const clock = new HandClock(Date.parse(start));
  const host = new VirtualHost(undefined, clock, { calendar: new Calendar("Europe/Berlin") });
  host.store.load();
  host.beat("tetris", 1_000 * HOUR_MS);
  host.store.commitDue();
  return host;
}

function view(host: VirtualHost, days = 7): Uptime {
  return viewUptime(host.store.uptime.query(TETRIS), days);
}

function fail(host: VirtualHost): void {
  host.hilbert.fail(heardFrom("tetris", 1_000 * HOUR_MS), "broken", host.clock.now());
}

for (
  const { day, start, hours } of [
    { day: "2026-03-29", start: "2026-03-28T23:00:00Z", hours: 23 },
    { day: "2026-10-25", start: "2026-10-24T22:00:00Z", hours: 25 },
    { day: "2026-11-27", start: "2026-11-26T23:00:00Z", hours: 24 },
  ]
) {
  Deno.test(`viewUptime tells of ${day} in Berlin, which has ${hours} hours`, () => {
    using host = berlinHost(start);
    host.clock.pass(hours * HOUR_MS - HOUR_MS);
    fail(host);
    host.store.commitDue();
    host.clock.pass(2 * HOUR_MS);
    const { timeZone, since, days: [today, yesterday, ...others], outages } = view(host, 3);
    assert.equal(timeZone, "Europe/Berlin");
    assert.equal(since, day);
    assert.equal(others.length, 1);
    assert.deepEqual(yesterday, {
      day,
      from: new Date(start).toISOString(),
      to: new Date(Date.parse(start) + hours * HOUR_MS).toISOString(),
      uptime: 1 - 1 / hours,
      knownMs: hours * HOUR_MS,
      downMs: HOUR_MS,
      plannedMs: 0,
      outages: 1,
      worst: "lost",
      strip: "o".repeat(2 * hours - 2) + "xx",
    });
    assert.equal(today?.from, yesterday.to);
    assert.deepEqual([today.uptime, today.knownMs, today.outages], [0, HOUR_MS, 1]);
    // The half-hour that has just begun is one of them.
    assert.equal(today.strip, "xx-");
    assert.deepEqual(outages, [{
      from: new Date(Date.parse(start) + (hours - 1) * HOUR_MS).toISOString(),
      to: null,
      downMs: 2 * HOUR_MS,
      plannedMs: 0,
      unwatchedMs: 0,
      cause: "failed",
      planned: false,
      by: null,
      note: "",
    }]);
  });
}

Deno.test("viewUptime sums up spans of what their strip and their days show", () => {
  using host = berlinHost("2026-11-20T10:10:00Z");
  host.clock.pass(6 * 24 * HOUR_MS);
  fail(host);
  host.clock.pass(HALF_HOUR_MS);
  host.beat("tetris", 1_000 * HOUR_MS);
  host.clock.pass(20 * HOUR_MS);
  fail(host);
  host.clock.pass(5 * HOUR_MS);
  host.store.commitDue();
  const { spans, strip, days } = view(host, 90);
  assert.equal(strip.length, 48);
  assert.equal(strip, "o".repeat(37) + "x".repeat(11));
  const { uptime24h, outages24h, ...lastDay } = host.store.uptime.lastDay(TETRIS);
  assert.equal(lastDay.strip, strip, "of memory alone");
  assert.equal(outages24h, 1);
  const [{ uptime = null } = {}] = spans;
  assert.ok(Math.abs((uptime24h ?? 0) - (uptime ?? 0)) < 1e-6, `${uptime24h}, ${uptime}`);
  const of = (name: string) => {
    const { knownMs, downMs, outages, uptime } = spans.find(({ span }) => span === name) ?? {};
    return { knownMs, downMs, outages, uptime };
  };
  const lengthMs = 47.33 * HALF_HOUR_MS;
  const { knownMs = 0, downMs, outages } = of("24h");
  assert.deepEqual([downMs, outages], [5 * HOUR_MS, 1]);
  assert.ok(Math.abs(knownMs - lengthMs) < HALF_HOUR_MS, `${knownMs}`);
  const sum = (figure: "knownMs" | "downMs", count: number) =>
    days.slice(0, count).reduce((total, day) => total + day[figure], 0);
  for (const [span, count] of [["7d", 7], ["30d", 30], ["90d", 90]] as const) {
    const figures = of(span);
    assert.equal(figures.knownMs, sum("knownMs", count));
    assert.equal(figures.downMs, sum("downMs", count));
    // One of them reaches over midnight, and is one all the same.
    assert.equal(figures.outages, 2);
  }
  assert.equal(sum("downMs", 90), 5.5 * HOUR_MS);
});

Deno.test("viewUptime knows nothing of nobody, and a day of maintenance is no bad one", () => {
  using host = berlinHost("2026-11-20T10:00:00Z");
  const unknown = viewUptime(host.store.uptime.query({ protocol: "hilbert", id: "nobody" }), 1);
  assert.equal(unknown.since, null);
  assert.equal(unknown.days[0]?.uptime, null);
  assert.match(unknown.strip, /^-{48}$/);
  host.members.pauseAll({ reason: "", until: Infinity }, host.clock.now());
  host.clock.pass(HOUR_MS);
  fail(host);
  host.clock.pass(HOUR_MS);
  const { days: [today] } = view(host, 1);
  assert.deepEqual([today?.uptime, today?.knownMs, today?.plannedMs, today?.worst], [
    null,
    2 * HOUR_MS,
    2 * HOUR_MS,
    "maintenance",
  ]);
});
