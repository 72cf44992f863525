import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import type { RosterRules } from "../../src/core/roster.ts";

const HILBERT: RosterRules = {
  protocol: "hilbert",
  limits: { missed: 1, late: 3, lost: 5, gone: 6 },
  rememberGoneMs: 60_000,
  membersMax: 100,
  membersPerAddressMax: 100,
};
const TIX: RosterRules = { ...HILBERT, protocol: "tix" };

const HEARD = {
  id: "a @ x",
  name: "a",
  address: "x",
  promiseMs: 1000,
  kind: "beat",
} as const;

function setUp(changes: "collect" | "ignore" = "collect"): { events: Events; members: Members } {
  const events = new Events();
  return { events, members: new Members({ now: 0, events, changes }) };
}

Deno.test("Members keeps one roster for each protocol", () => {
  const { members } = setUp();
  const hilbert = members.open(HILBERT);
  const tix = members.open(TIX);
  hilbert.hear(HEARD, 0);
  tix.hear(HEARD, 0);
  assert.deepEqual([...members.rosters()], [hilbert, tix]);
  assert.equal(members.roster("tix"), tix);
  assert.equal(members.roster("hev"), undefined);
  assert.equal(members.size, 2);
  assert.throws(() => members.open(TIX), {
    name: "TypeError",
    message: 'Cannot open roster: protocol "tix" has one',
  });
});

Deno.test("Members wakes at the earliest deadline of all rosters and of the host's pause", () => {
  const { members } = setUp();
  assert.equal(members.nextWake(), undefined);
  const hilbert = members.open(HILBERT);
  members.open(TIX).hear({ ...HEARD, promiseMs: 500 }, 0);
  assert.equal(members.nextWake(), 500);
  hilbert.hear({ ...HEARD, promiseMs: 200 }, 0);
  assert.equal(members.nextWake(), 200);
  members.pauseAll({ reason: "", until: 9000 }, 0);
  assert.equal(members.nextWake(), 9000);
  members.pauseAll({ reason: "", until: Infinity }, 0);
  assert.equal(members.nextWake(), undefined);
});

Deno.test("Members tells when the whole host goes into maintenance, and when that changes", () => {
  const { members, events } = setUp();
  const subscription = events.subscribe();
  for (
    const [pause, at] of [[{ reason: "night", until: 9000 }, 10], [{
      reason: "longer night",
      until: Infinity,
    }, 20]] as const
  ) {
    members.pauseAll(pause, at);
    assert.deepEqual(subscription.take(), { type: "member-paused", at, member: undefined, pause });
    assert.equal(subscription.waiting, 0);
  }
});

Deno.test("Members ends the host's pause by time, excuses all and then counts again", () => {
  const { members, events } = setUp();
  const roster = members.open(HILBERT);
  roster.hear(HEARD, 0);
  members.pauseAll({ reason: "night", until: 100_000 }, 10);
  const subscription = events.subscribe();
  members.advance(99_999);
  assert.equal(subscription.waiting, 0);
  assert.equal(members.pause?.reason, "night");
  members.advance(100_500);
  assert.deepEqual(subscription.take(), {
    type: "member-resumed",
    at: 100_500,
    member: undefined,
    cause: "time",
  });
  assert.equal(members.pause, undefined);
  assert.equal(subscription.waiting, 0);
  assert.equal(members.nextWake(), 101_500);
  members.resumeAll("operator", 100_600);
  assert.equal(subscription.waiting, 0, "there is nothing to end twice");
});

Deno.test("Members leaves a member's own maintenance alone when the host's ends", () => {
  const { members } = setUp();
  const roster = members.open(HILBERT);
  roster.hear(HEARD, 0);
  roster.pause(HEARD, { reason: "own", until: 50_000 }, 0);
  members.pauseAll({ reason: "host", until: Infinity }, 0);
  members.resumeAll("operator", 20_000);
  assert.equal(roster.get(HEARD.id)?.pause?.reason, "own");
  assert.equal(members.nextWake(), 50_000);
});

Deno.test("Members opens a roster in maintenance while the host is", () => {
  const { members } = setUp();
  members.pauseAll({ reason: "night", until: Infinity }, 0);
  const roster = members.open(HILBERT);
  roster.hear(HEARD, 10);
  members.advance(1_000_000);
  assert.equal(roster.get(HEARD.id)?.state, "ok");
  assert.equal(members.nextWake(), undefined);
});

Deno.test("Members hands out each change once, as it is when it is taken", () => {
  const { members } = setUp();
  const roster = members.open(HILBERT);
  roster.hear(HEARD, 0);
  roster.hear({ ...HEARD, promiseMs: 2000 }, 100);
  assert.equal(members.changes, 1);
  const [change, ...others] = members.takeChanges(600);
  assert.deepEqual(others, []);
  assert.equal(change?.protocol, "hilbert");
  assert.equal(change?.record?.silentMs, 500);
  assert.equal(change?.record?.beats, 2);
  roster.hear({ ...HEARD, promiseMs: 2000 }, 700);
  assert.equal(members.changes, 0, "a beat alone is no change");
  roster.leave(HEARD.id, 800);
  assert.deepEqual(members.takeChanges(800), [
    { protocol: "hilbert", id: HEARD.id, record: undefined },
  ]);
});

Deno.test("Members collects nothing when nobody takes it", () => {
  for (const members of [setUp("ignore").members, new Members({ now: 0, events: new Events() })]) {
    members.open(HILBERT).hear(HEARD, 0);
    assert.equal(members.changes, 0);
    assert.deepEqual(members.takeChanges(0), []);
  }
});

Deno.test("Members moves the members of every roster, and ends the host's pause on time", () => {
  const { members } = setUp();
  const heard = [members.open(HILBERT), members.open(TIX)].map((roster) => roster.hear(HEARD, 0));
  members.advance(3_000);
  assert.deepEqual(heard.map((member) => typeof member === "object" && member.state), [
    "late",
    "late",
  ]);
  members.pauseAll({ reason: "", until: 5_000 }, 3_000);
  members.advance(4_999);
  assert.ok(members.pause);
  members.advance(5_000);
  assert.equal(members.pause, undefined);
});
