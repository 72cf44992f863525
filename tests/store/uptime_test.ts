import { strict as assert } from "node:assert";
import { Calendar } from "../../src/core/calendar.ts";
import { UptimeAccount } from "../../src/core/uptime_account.ts";
import { shareOf } from "../../src/core/uptime_cells.ts";
import { Database } from "../../src/store/database.ts";
import { OUTAGES_PER_MEMBER_MAX } from "../../src/store/member_outage_table.ts";
import { MIGRATIONS } from "../../src/store/schema.ts";
import { UPTIME_LIMITS, UptimeTable } from "../../src/store/uptime_table.ts";
import type { UptimeRecord } from "../../src/store/uptime_record.ts";
import {
  copyAsKilled,
  HandClock,
  heardFrom,
  idOf,
  temporaryDirectory,
  VirtualHost,
} from "./virtual_host.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = Date.UTC(2026, 4, 20);
const UTC = new Calendar("UTC");
const TETRIS = { protocol: "hilbert", id: idOf("tetris") } as const;

function open(directory: string | undefined, clock: HandClock): VirtualHost {
  const host = new VirtualHost(directory, clock, { calendar: UTC });
  host.store.load();
  return host;
}

/** Lets time pass while Pulsebox looks each second and the members beat, or not. */
function watch(host: VirtualHost, seconds: number, beating: "beating" | "silent"): void {
  for (let second = 0; second < seconds; second++) {
    if (beating === "beating") host.beat("tetris");
    host.clock.pass(SECOND_MS);
    host.members.advance(host.clock.now());
    host.store.commitDue();
  }
}

function today(record: UptimeRecord) {
  const day = record.days()[0];
  assert.ok(day !== undefined);
  return day.figures;
}

Deno.test("half an hour of flapping changes the figures of no other time", () => {
  const host = open(undefined, new HandClock(MIDNIGHT));
  host.beat("tetris", HOUR_MS);
  host.clock.pass(8 * HOUR_MS);
  host.hilbert.fail(heardFrom("tetris", HOUR_MS), "broken", host.clock.now());
  host.store.commitDue();
  host.clock.pass(HOUR_MS);
  host.beat("tetris", HOUR_MS);
  host.store.commitDue();
  const before = today(host.store.uptime.query(TETRIS));
  assert.equal(before.downMs, HOUR_MS);
  for (let second = 0; second < 1_800; second++) {
    const now = host.clock.now();
    if (second % 2 === 0) host.hilbert.fail(heardFrom("tetris", HOUR_MS), "broken", now);
    else host.beat("tetris", HOUR_MS);
    host.clock.pass(SECOND_MS);
    host.store.commitDue();
  }
  const record = host.store.uptime.query(TETRIS);
  const { knownMs, downMs, outages } = today(record);
  assert.deepEqual(
    { knownMs, downMs, outages },
    { knownMs: 9.5 * HOUR_MS, downMs: 1.25 * HOUR_MS, outages: 901 },
  );
  // The lists are trimmed; no figure is made of them.
  assert.equal(record.outages().length, OUTAGES_PER_MEMBER_MAX);
  host.store.close();
});

for (
  const [name, stepMs] of [["28 days forward", 28 * DAY_MS], [
    "9 years back",
    -9 * 365 * DAY_MS,
  ]] as const
) {
  Deno.test(`an outage of 34 s in which the clock steps ${name} is one of 34 s`, () => {
    const host = open(undefined, new HandClock(MIDNIGHT + HOUR_MS));
    watch(host, 60, "beating");
    watch(host, 27, "silent");
    assert.equal(host.stateOf("tetris"), "lost");
    host.clock.wallMs += stepMs;
    host.store.commitDue();
    watch(host, 6, "silent");
    watch(host, 1, "beating");
    const [outage, ...others] = host.store.uptime.query(TETRIS).outages();
    assert.deepEqual(others, []);
    // The last beat was a second before the silence began to be looked at.
    assert.equal(outage?.downMs, 34 * SECOND_MS);
    assert.equal(outage.toMs - outage.fromMs, 34 * SECOND_MS);
    assert.equal(outage.isOver, true);
    const days = host.store.uptime.query(TETRIS);
    const sum = [MIDNIGHT, MIDNIGHT + stepMs].map((at) => days.figuresOf(UTC.dayOf(at)).downMs);
    assert.deepEqual(sum, [28 * SECOND_MS, 6 * SECOND_MS]);
    host.store.close();
  });
}

Deno.test("an outage goes on over a restart, as long as can be known", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock(MIDNIGHT + HOUR_MS);
  {
    using host = open(directory.path, clock);
    watch(host, 60, "beating");
    watch(host, 28, "silent");
    assert.equal(host.stateOf("tetris"), "lost");
  }
  const later = new HandClock(clock.wall() + 2 * SECOND_MS, 50);
  {
    using host = open(directory.path, later);
    watch(host, 3, "silent");
    watch(host, 1, "beating");
    const outages = host.store.uptime.query(TETRIS).outages();
    assert.equal(outages.length, 1);
    const { downMs = 0, unwatchedMs, fromMs = 0, toMs = 0, isOver } = outages[0] ?? {};
    assert.deepEqual({ downMs, unwatchedMs, isOver }, {
      downMs: 32 * SECOND_MS,
      unwatchedMs: 2 * SECOND_MS,
      isOver: true,
    });
    assert.equal(toMs - fromMs, 34 * SECOND_MS);
    const { knownMs, outages: count } = today(host.store.uptime.query(TETRIS));
    assert.deepEqual({ knownMs, count }, { knownMs: (60 + 28 + 4) * SECOND_MS, count: 1 });
  }
});

Deno.test("an outage goes on over a step of the clock and a kill", () => {
  using directory = temporaryDirectory();
  using killed = temporaryDirectory();
  const clock = new HandClock(MIDNIGHT + HOUR_MS);
  {
    using host = open(directory.path, clock);
    watch(host, 60, "beating");
    watch(host, 27, "silent");
    clock.wallMs += 20 * DAY_MS;
    host.store.commitDue();
    copyAsKilled(directory.path, killed.path);
  }
  using host = open(killed.path, new HandClock(clock.wall() + 2 * SECOND_MS, 50));
  watch(host, 4, "silent");
  watch(host, 1, "beating");
  const [{ fromMs = 0, toMs = 0, unwatchedMs = 0 } = {}] = host.store.uptime.query(TETRIS)
    .outages();
  assert.equal(unwatchedMs, 2 * SECOND_MS);
  assert.equal(toMs - fromMs, 34 * SECOND_MS);
});

Deno.test("a silence that began before a restart is part of the outage", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock(MIDNIGHT + HOUR_MS);
  {
    using host = open(directory.path, clock);
    watch(host, 60, "beating");
    watch(host, 19, "silent");
    assert.equal(host.stateOf("tetris"), "late");
  }
  using host = open(directory.path, new HandClock(clock.wall() + 8 * HOUR_MS, 50));
  // How long it went on after the member was late, only the earlier run knew.
  watch(host, 9, "silent");
  assert.equal(host.stateOf("tetris"), "late");
  watch(host, 2, "silent");
  assert.equal(host.stateOf("tetris"), "lost");
  const record = host.store.uptime.query(TETRIS);
  const { knownMs, downMs } = today(record);
  assert.deepEqual({ knownMs, downMs }, { knownMs: 90 * SECOND_MS, downMs: 26 * SECOND_MS });
});

Deno.test("time in which Pulsebox could not listen is not held against anybody", () => {
  const host = open(undefined, new HandClock(MIDNIGHT + HOUR_MS));
  watch(host, 60, "beating");
  watch(host, 30, "silent");
  const absentMs = 20 * SECOND_MS;
  host.clock.wallMs += absentMs;
  host.events.publish({ type: "absence", at: host.clock.now(), absentMs });
  watch(host, 3, "silent");
  watch(host, 1, "beating");
  const record = host.store.uptime.query(TETRIS);
  const { downMs = 0, unwatchedMs, fromMs = 0, toMs = 0 } = record.outages()[0] ?? {};
  assert.deepEqual({ downMs, unwatchedMs }, { downMs: 34 * SECOND_MS, unwatchedMs: absentMs });
  assert.equal(toMs - fromMs, 54 * SECOND_MS);
  assert.equal(today(record).knownMs, 94 * SECOND_MS);
  host.store.close();
});

Deno.test("maintenance counts neither for nor against a member", () => {
  const host = open(undefined, new HandClock(MIDNIGHT));
  const { clock, hilbert } = host;
  host.beat("tetris", HOUR_MS);
  clock.pass(HOUR_MS);
  hilbert.pause(heardFrom("tetris"), { reason: "", until: Infinity }, clock.now());
  clock.pass(HOUR_MS);
  hilbert.fail(heardFrom("tetris", HOUR_MS), "broken", clock.now());
  clock.pass(HOUR_MS);
  const member = hilbert.get(TETRIS.id);
  assert.ok(member !== undefined);
  hilbert.resume(member, "operator", clock.now());
  clock.pass(HOUR_MS);
  host.beat("tetris", HOUR_MS);
  const record = host.store.uptime.query(TETRIS);
  const figures = today(record);
  assert.deepEqual(figures, {
    knownMs: 4 * HOUR_MS,
    plannedMs: 2 * HOUR_MS,
    downMs: HOUR_MS,
    outages: 1,
    carried: 0,
    worst: "lost",
  });
  assert.equal(shareOf(figures), 0.5);
  const { downMs, plannedMs, planned } = record.outages()[0] ?? {};
  assert.deepEqual({ downMs, plannedMs, planned }, {
    downMs: HOUR_MS,
    plannedMs: HOUR_MS,
    planned: true,
  });
  host.store.close();
});

Deno.test("a database of an older version keeps what its history knows of uptime", () => {
  using directory = temporaryDirectory();
  {
    using database = Database.open({
      directory: directory.path,
      migrations: MIGRATIONS.slice(0, 5),
    });
    const insert = database.prepare(
      "INSERT INTO history (at_ms, type, protocol, id, detail) VALUES (?, ?, 'hilbert', ?, ?)",
    );
    const note = (at: number, type: string, detail: object) =>
      void insert.run(MIDNIGHT + at, type, TETRIS.id, JSON.stringify(detail));
    const state = (at: number, from: string, to: string, silentMs: number) => {
      const cause = to === "ok" ? "heard" : "silence";
      note(at, "member-state", { from, to, cause, silentMs, paused: false });
    };
    note(0, "member-registered", {});
    state(0, "unknown", "ok", 0);
    state(7 * HOUR_MS, "late", "lost", HOUR_MS);
    state(9 * HOUR_MS, "gone", "ok", 3 * HOUR_MS);
    // Silent for 34 s, in which the clock was set by 28 days.
    state(20 * HOUR_MS, "late", "lost", 25 * SECOND_MS);
    state(20 * HOUR_MS + 28 * DAY_MS, "lost", "ok", 34 * SECOND_MS);
    database.prepare(`
      INSERT INTO member (protocol, id, name, address, state, promise_ms, beats, since_ms, heard_ms,
        written_ms)
      VALUES ('hilbert', ?, 'tetris', '127.0.0.1', 'ok', 5000, 9, ?, ?, ?)
    `).run(TETRIS.id, ...Array(3).fill(MIDNIGHT + 21 * HOUR_MS + 28 * DAY_MS));
  }
  const clock = new HandClock(MIDNIGHT + 21 * HOUR_MS + 28 * DAY_MS);
  for (const start of ["first", "second"]) {
    using host = open(directory.path, clock);
    const record = host.store.uptime.query(TETRIS);
    const then = record.figuresOf(UTC.dayOf(MIDNIGHT));
    const { knownMs, downMs, outages } = then;
    assert.deepEqual({ knownMs, downMs, outages }, {
      knownMs: 20 * HOUR_MS + 9 * SECOND_MS,
      downMs: 3 * HOUR_MS + 34 * SECOND_MS,
      outages: 2,
    }, start);
    // Nobody watched between the two settings of the clock.
    assert.equal(record.figuresOf(UTC.dayOf(MIDNIGHT + 10 * DAY_MS)).knownMs, 0);
    const last = record.figuresOf(UTC.dayOf(clock.wall()));
    assert.equal(last.knownMs, HOUR_MS, start);
    assert.equal(last.downMs, 0, start);
    const lengths = record.outages().map(({ toMs, fromMs }) => toMs - fromMs);
    assert.deepEqual(lengths, [34 * SECOND_MS, 3 * HOUR_MS], start);
  }
});

/** An account with a second of each of these days. */
function accountOf(id: string, days: readonly string[]): UptimeAccount {
  const account = new UptimeAccount({ protocol: "hilbert", id }, 0, 0);
  for (const day of days) account.fresh.day(day).knownMs += SECOND_MS;
  return account;
}

Deno.test("UptimeTable keeps the days that came last, whatever the clock showed meanwhile", () => {
  using database = Database.open();
  const limits = { ...UPTIME_LIMITS, daysMax: 3 };
  const add = (...days: string[]) => new UptimeTable(database, limits).add([accountOf("a", days)]);
  const kept = () =>
    database.prepare("SELECT day FROM uptime_day ORDER BY day").all().map(({ day }) => day);
  for (const day of ["2026-05-01", "2026-05-02", "2099-01-01", "2026-05-03"]) add(day);
  assert.deepEqual(kept(), ["2026-05-02", "2026-05-03", "2099-01-01"]);
  add("2026-05-03");
  const table = new UptimeTable(database);
  assert.equal(table.day("2026-05-03", { protocol: "hilbert", id: "a" })?.knownMs, 2 * SECOND_MS);
});

Deno.test("UptimeTable refuses members beyond its limit, and gives up the oldest day for room", () => {
  using database = Database.open();
  const limits = { ...UPTIME_LIMITS, membersPerPeriodMax: 2, rowsMax: 3 };
  const table = new UptimeTable(database, limits);
  const accounts = ["a", "b", "c"].map((id) => accountOf(id, ["2026-05-01"]));
  assert.equal(table.add(accounts), 1);
  assert.equal(table.day("2026-05-01", { protocol: "hilbert", id: "c" }), undefined);
  assert.equal(table.add(["a", "b"].map((id) => accountOf(id, ["2026-05-02"]))), 0);
  assert.equal(table.day("2026-05-01", { protocol: "hilbert", id: "a" }), undefined);
  assert.equal(table.day("2026-05-02", { protocol: "hilbert", id: "b" })?.knownMs, SECOND_MS);
});
