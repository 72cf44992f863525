import { strict as assert } from "node:assert";
import { Calendar } from "../../src/core/calendar.ts";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { UptimeLedger } from "../../src/core/uptime_ledger.ts";
import { WallTrack } from "../../src/core/wall_track.ts";

const MIDNIGHT = Date.UTC(2026, 4, 20);
const TETRIS = { id: "tetris @ ::1", name: "tetris", address: "::1", promiseMs: 1_000 };
const MEMBER = { protocol: "hilbert", id: TETRIS.id } as const;

/** A member whose events reach the ledger only when a test says so. */
function setUp() {
  const events = new Events();
  const subscription = events.subscribe();
  const members = new Members({ now: 0, events });
  const roster = members.open({
    protocol: "hilbert",
    limits: { missed: 1, late: 3, lost: 5, gone: 6 },
    membersMax: 10,
    membersPerAddressMax: 10,
    rememberGoneMs: 1e9,
  });
  const ledger = new UptimeLedger(new WallTrack(0, MIDNIGHT), new Calendar("UTC"));
  const taken = (isHeard: boolean) => {
    for (let event = subscription.take(); event; event = subscription.take()) {
      if (isHeard) ledger.take(event);
    }
  };
  const beat = (now: number) => roster.hear({ ...TETRIS, kind: "beat" }, now);
  return { members, roster, ledger, beat, tell: () => taken(true), drop: () => taken(false) };
}

Deno.test("UptimeLedger numbers the outages of this run after all earlier ones, those before the load too", () => {
  const { roster, ledger, beat, tell } = setUp();
  const numbers = () => [...ledger.changes.outages].map(([key, { seq }]) => [key, seq]);
  roster.fail(TETRIS, "exit status 1", 0);
  tell();
  ledger.continueAfter(41);
  assert.deepEqual(numbers(), [[42, 42]]);
  beat(1_000);
  roster.fail(TETRIS, "exit status 1", 2_000);
  tell();
  assert.deepEqual(numbers(), [[42, 42], [43, 43]]);
});

Deno.test("UptimeLedger has who looks after an outage written, and that nobody does any more", () => {
  const { members, roster, ledger, beat, tell } = setUp();
  const member = beat(0);
  assert.ok(typeof member !== "string");
  const anna = { by: "Anna", note: "on my way", at: 0 };
  roster.acknowledge(member, anna, 0);
  tell();
  assert.equal(ledger.changes.outages.size, 0, "there is no outage");
  members.advance(5_000);
  for (const said of [undefined, anna]) {
    tell();
    ledger.changes.takeOutages();
    roster.acknowledge(member, said, 5_000);
    tell();
    const handled = said && { by: said.by, note: said.note };
    assert.deepEqual(ledger.changes.takeOutages().map(({ handling }) => handling), [
      handled ?? null,
    ]);
  }
  beat(6_000);
  roster.fail(TETRIS, "exit status 1", 7_000);
  tell();
  assert.deepEqual(ledger.changes.takeOutages().map(({ handling }) => handling?.by), [
    "Anna",
    undefined,
  ]);
});

Deno.test("UptimeLedger counts no moment as down twice, though it missed a return", () => {
  const { members, ledger, beat, tell, drop } = setUp();
  beat(0);
  members.advance(5_000);
  tell();
  // It is down from 0 on. That it came back after 10 s is lost; the ledger sees so 4 s later.
  beat(10_000);
  drop();
  ledger.adopt(members, 14_000);
  members.advance(16_000);
  tell();
  ledger.countAll(17_000);
  const preview = ledger.preview(MEMBER, 17_000);
  const [day] = preview?.fresh.days.values() ?? [];
  assert.deepEqual([day?.knownMs, day?.downMs], [17_000, 17_000]);
  assert.equal(preview?.outage?.downMs, 3_000);
});

Deno.test("UptimeLedger counts no time in which nobody was heard, whether events or members tell of it", () => {
  for (const isTold of [true, false]) {
    const { members, roster, ledger, beat, tell, drop } = setUp();
    const settle = (now: number) => {
      if (isTold) tell();
      else {
        drop();
        ledger.adopt(members, now);
      }
      return ledger.preview(MEMBER, now);
    };
    beat(0);
    tell();
    roster.setDeaf(true, 1_000);
    settle(1_000);
    assert.equal(settle(60_000)?.condition, "unknown");
    ledger.countAll(60_000);
    roster.setDeaf(false, 60_000);
    settle(60_000);
    ledger.countAll(61_000);
    const [day] = [...ledger.changes.accounts].flatMap(({ fresh }) => [...fresh.days.values()]);
    assert.deepEqual([day?.knownMs, day?.worst], [2_000, "ok"]);
  }
});

Deno.test("UptimeLedger counts an outage that goes on while nobody is heard as unwatched", () => {
  const { roster, ledger, tell } = setUp();
  roster.fail(TETRIS, "exit status 1", 0);
  roster.setDeaf(true, 1_000);
  tell();
  const outage = () => ledger.preview(MEMBER, 61_000)?.outage;
  assert.deepEqual([outage()?.downMs, outage()?.unwatchedMs], [1_000, 60_000]);
  assert.equal(outage()?.toMs, MIDNIGHT + 61_000);
  roster.setDeaf(false, 60_000);
  tell();
  assert.deepEqual([outage()?.downMs, outage()?.unwatchedMs], [2_000, 59_000]);
});
