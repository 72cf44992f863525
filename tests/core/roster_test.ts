import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { Events, type PulseEvent } from "../../src/core/events.ts";
import { LOST_AFTER_MS_MAX, type LostAfter } from "../../src/core/lost_after.ts";
import { Member } from "../../src/core/member.ts";
import { recordOf } from "../../src/core/member_record.ts";
import { type Heard, Roster, type RosterRules } from "../../src/core/roster.ts";
import { seededRandom } from "./lease_oracle.ts";
import { LOST_AFTER, RosterOracle } from "./roster_oracle.ts";

/** The thresholds of the Hilbert protocol. */
const RULES: RosterRules = {
  protocol: "hilbert",
  limits: { missed: 1, late: 3, lost: 5, gone: 6 },
  rememberGoneMs: 1_000_000,
  membersMax: 1000,
  membersPerAddressMax: 1000,
};

const WHO = { id: "tetris @ 127.0.0.1", name: "tetris", address: "127.0.0.1" };

const NOTHING: ReadonlyMap<string, LostAfter> = new Map();

/** What an operator chose: for one member, and sometimes for all others. */
function choose(random: () => number): ReadonlyMap<string, LostAfter> {
  const any = () => LOST_AFTER[Math.floor(random() * LOST_AFTER.length)] as LostAfter;
  return new Map([["app1 @ 10.0.0.1", any()], ...(random() < 0.5 ? [] : [["", any()] as const])]);
}

function setUp(rules: Partial<RosterRules> = {}): { roster: Roster; take: () => PulseEvent[] } {
  const events = new Events();
  const subscription = events.subscribe();
  const roster = new Roster({ ...RULES, ...rules }, 0, events);
  const take = () => {
    const taken: PulseEvent[] = [];
    for (let event = subscription.take(); event; event = subscription.take()) taken.push(event);
    return taken;
  };
  return { roster, take };
}

function hear(roster: Roster, now: number, heard: Partial<Heard> = {}): Member {
  const member = roster.hear({ ...WHO, promiseMs: 1000, kind: "beat", ...heard }, now);
  assert.ok(member instanceof Member, String(member));
  return member;
}

function named(name: string, address = "127.0.0.1"): Omit<Heard, "kind" | "promiseMs"> {
  return { id: `${name} @ ${address}`, name, address };
}

function states(events: PulseEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "member-state" ? [`${event.from} -> ${event.to}`] : []
  );
}

Deno.test("Roster agrees with its model over 240 000 random operations", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 120; seed++) {
    const rules = {
      ...RULES,
      limits: seed % 4 === 0 ? { missed: 1, late: 2, lost: 3, gone: 10 } : RULES.limits,
      rememberGoneMs: [1000, 1_000_000, 1e9][seed % 3] ?? 1,
      membersMax: 6 + seed % 14,
      membersPerAddressMax: 3 + seed % 4,
    };
    const random = seededRandom(seed);
    const operator = seed % 2 === 0 ? NOTHING : choose(random);
    const oracle = new RosterOracle(rules, seed * 1e6, random, operator);
    for (let step = 0; step < 2000; step++) oracle.step();
    for (const [key, count] of oracle.counts) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  for (
    const key of [
      "unknown -> starting",
      "unknown -> ok",
      "starting -> ok",
      "ok -> starting",
      "ok -> late",
      "starting -> late",
      "late -> ok",
      "late -> lost",
      "starting -> lost",
      "lost -> ok",
      "lost -> gone",
      "gone -> ok",
      "gone -> unknown",
      "ok -> unknown",
      "ok -> lost",
      "gone -> lost",
      "member-missed",
      "member-forgotten",
    ]
  ) {
    assert.ok((counts.get(key) ?? 0) >= 20, `${key}: ${counts.get(key)}`);
  }
});

Deno.test("Roster agrees with its model for any seed", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, membersMax) => {
      const oracle = new RosterOracle({ ...RULES, membersMax }, 0, seededRandom(seed));
      for (let step = 0; step < 100; step++) oracle.step();
    }),
    { numRuns: 100 },
  );
});

Deno.test("Roster moves a silent member at 1, 3, 5 and 6 promises when driven by its wake-ups", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 1e9, noNaN: true }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (promiseMs, heardAt) => {
        const { roster, take } = setUp();
        hear(roster, heardAt, { promiseMs });
        take();
        const steps: [string, number][] = [];
        while (steps.length < 5) {
          const wake = roster.nextWake();
          assert.ok(wake !== undefined);
          roster.advance(wake);
          for (const event of take()) {
            steps.push([event.type === "member-state" ? event.to : event.type, event.at]);
          }
        }
        assert.deepEqual(steps, [
          ["member-missed", heardAt + promiseMs],
          ["late", heardAt + 3 * promiseMs],
          ["lost", heardAt + 5 * promiseMs],
          ["gone", heardAt + 6 * promiseMs],
          ["member-forgotten", heardAt + 6 * promiseMs + 1_000_000],
        ]);
        assert.equal(roster.size, 0);
      },
    ),
  );
});

Deno.test("Roster moves a silent member where the operator or it has chosen, never before its promise is over", () => {
  const value = fc.double({ min: 1, max: 1000, noNaN: true });
  const ms = fc.integer({ min: 1, max: LOST_AFTER_MS_MAX });
  const chosen = fc.oneof(
    fc.record({ unit: fc.constant("promises" as const), value }),
    fc.record({ unit: fc.constant("ms" as const), value: ms }),
  );
  const promise = fc.double({ min: 1000, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(chosen, fc.boolean(), promise, (lostAfter, isOwn, promiseMs) => {
      const { roster, take } = setUp({
        lostAfterOf: (member) => isOwn ? member.lostAfter : lostAfter,
      });
      const member = hear(roster, 0, { promiseMs });
      if (isOwn) roster.choose(member, lostAfter);
      take();
      const { unit, value } = lostAfter;
      const lostAt = Math.max(promiseMs, unit === "ms" ? value : value * promiseMs);
      const at = new Map<string, number>();
      for (let wake = roster.nextWake(); wake !== undefined; wake = roster.nextWake()) {
        roster.advance(wake);
        for (const event of take()) {
          at.set(event.type === "member-state" ? event.to : event.type, event.at);
        }
      }
      const isNear = (name: string, expected: number) => {
        const off = Math.abs((at.get(name) ?? NaN) / expected - 1);
        assert.ok(off < 1e-9, `${name} at ${at.get(name)}`);
      };
      isNear("member-missed", promiseMs);
      isNear("late", Math.min(3 * promiseMs, Math.max(promiseMs, lostAt * 0.6)));
      isNear("lost", lostAt);
      isNear("gone", Math.max(6 * promiseMs, lostAt * 1.2));
    }),
  );
});

Deno.test("Roster never moves a member that keeps its promise", () => {
  const { roster, take } = setUp();
  const member = hear(roster, 0);
  take();
  for (let now = 999; now < 1_000_000; now += 999) {
    roster.advance(now);
    roster.renew(member, 1000, "beat", now);
  }
  assert.deepEqual(take(), []);
  assert.equal(member.state, "ok");
  assert.equal(member.beats, 1002);
});

Deno.test("Roster skips no state when it is advanced very late", () => {
  const { roster, take } = setUp();
  hear(roster, 0);
  roster.advance(1e9);
  assert.deepEqual(states(take()), ["unknown -> ok", "ok -> late", "late -> lost", "lost -> gone"]);
});

Deno.test("Roster gives a restored lost member one whole promise before it is gone", () => {
  const first = setUp();
  const member = hear(first.roster, 0);
  first.roster.advance(5999);
  const { roster, take } = setUp();
  const back = roster.restore(recordOf(member, 5999), 100_000);
  assert.ok(back instanceof Member);
  assert.equal(back.state, "lost");
  assert.equal(roster.deadline(back), 101_000);
  roster.advance(100_999);
  assert.deepEqual(take(), []);
  roster.advance(101_000);
  assert.deepEqual(states(take()), ["lost -> gone"]);
});

Deno.test("Roster gives one whole promise after an excuse whatever its limits and promises are", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 0, max: 60_000 }),
    (quarters, promiseMs, silentMs) => {
      const [missed = 1, late = 1, lost = 1, gone = 1] = quarters.sort((a, b) => a - b)
        .map((quarter) => quarter / 4);
      const { roster } = setUp({ limits: { missed, late, lost, gone } });
      const member = hear(roster, 0, { promiseMs });
      roster.advance(silentMs);
      if (member.state === "gone") return;
      const restored = setUp({ limits: { missed, late, lost, gone } });
      const back = restored.roster.restore(recordOf(member, silentMs), 7_000_000);
      assert.ok(back instanceof Member);
      assert.equal(back.state, member.state);
      assert.ok(restored.roster.deadline(back) >= 7_000_000 + promiseMs - 1e-6);
    },
  ));
});

Deno.test("Roster announces nobody anew who is restored", () => {
  const first = setUp();
  const record = recordOf(hear(first.roster, 0), 0);
  const { roster, take } = setUp();
  roster.restore(record, 0);
  assert.deepEqual(take(), []);
});

Deno.test("Roster takes a record from the future as one of this moment", () => {
  const { roster } = setUp();
  const member = roster.restore({
    ...WHO,
    state: "gone",
    stateMs: -5000,
    silentMs: -5000,
    promiseMs: 1000,
    beats: 3,
    pause: undefined,
  }, 100);
  assert.ok(member instanceof Member);
  assert.equal(member.heardAt, 100);
  assert.equal(member.since, 100);
  assert.equal(hear(roster, 100), member);
});

Deno.test("Roster keeps a pause through stray beats and through a goodbye", () => {
  const { roster, take } = setUp();
  hear(roster, 0);
  roster.pause(WHO, { reason: "cleaning", until: 50_000 }, 100);
  hear(roster, 200);
  roster.advance(40_000);
  roster.leave(WHO.id, 41_000);
  const member = roster.get(WHO.id);
  assert.equal(member?.state, "unknown");
  assert.equal(member?.listed, false);
  assert.equal(member?.pause?.reason, "cleaning");
  roster.leave(WHO.id, 41_500);
  hear(roster, 42_000);
  take();
  roster.advance(50_000);
  assert.deepEqual(take().map(({ type }) => type), ["member-resumed"]);
  assert.equal(roster.get(WHO.id)?.state, "ok");
});

Deno.test("Roster forgets a member at the end of a pause during which it said goodbye", () => {
  for (const [end, cause] of [["time", "aged"], ["operator", "operator"]] as const) {
    const { roster, take } = setUp();
    const member = hear(roster, 0);
    roster.pause(WHO, { reason: "", until: 1000 }, 0);
    roster.leave(WHO.id, 500);
    take();
    if (end === "time") roster.advance(1000);
    else roster.resume(member, "operator", 900);
    const forgotten = take().find(({ type }) => type === "member-forgotten");
    assert.ok(forgotten?.type === "member-forgotten");
    assert.equal(forgotten.cause, cause);
    assert.equal(roster.size, 0);
    assert.equal(roster.nextWake(), undefined);
  }
});

Deno.test("Roster brings back no ghost of a record that ended", () => {
  const { roster, take } = setUp();
  const ghost = hear(roster, 0);
  roster.leave(WHO.id, 10);
  take();
  assert.equal(roster.renew(ghost, 1000, "beat", 20), false);
  roster.advance(1e6);
  assert.deepEqual(take(), []);
  const successor = hear(roster, 1e6);
  roster.forget(ghost, "operator", 1e6);
  assert.equal(roster.get(WHO.id), successor);
});

Deno.test("Roster does not displace a gone member in maintenance", () => {
  const { roster } = setUp({ membersMax: 2 });
  hear(roster, 0, named("kept"));
  hear(roster, 0, named("gone"));
  roster.advance(6000);
  roster.pause(named("kept"), { reason: "repair", until: Infinity }, 6000);
  hear(roster, 6001, named("new"));
  assert.deepEqual([...roster.values()].map(({ name }) => name), ["kept", "new"]);
  assert.equal(roster.hear({ ...named("newer"), promiseMs: 1, kind: "beat" }, 6002), "full");
});

Deno.test("Roster refuses newcomers beyond its limits and takes those it knows", () => {
  const { roster } = setUp({ membersMax: 3, membersPerAddressMax: 2 });
  const refused = (name: string, address: string) =>
    roster.hear({ ...named(name, address), promiseMs: 1000, kind: "beat" }, 1);
  hear(roster, 0, named("a", "10.0.0.1"));
  hear(roster, 0, named("b", "10.0.0.1"));
  assert.equal(refused("c", "10.0.0.1"), "address-full");
  hear(roster, 0, named("c", "10.0.0.2"));
  assert.equal(refused("d", "10.0.0.3"), "full");
  assert.equal(roster.announce(named("d", "10.0.0.3"), 5, 1), "full");
  assert.equal(roster.pause(named("d", "10.0.0.3"), { reason: "", until: 9 }, 1), "full");
  const record = recordOf(new Member(named("d", "10.0.0.3"), 5, 0), 0);
  assert.equal(roster.restore(record, 1), "full");
  hear(roster, 1, named("a", "10.0.0.1"));
  assert.equal(roster.size, 3);
});

Deno.test("Roster makes room at a full address only at the expense of that address", () => {
  const { roster } = setUp({ membersPerAddressMax: 1 });
  hear(roster, 0, named("first", "10.0.0.1"));
  hear(roster, 1, named("second", "10.0.0.2"));
  roster.advance(7000);
  hear(roster, 7000, named("third", "10.0.0.2"));
  assert.deepEqual([...roster.values()].map(({ name }) => name), ["first", "third"]);
});

Deno.test("Roster lists a member that it expected at the time when it was first heard", () => {
  for (const kind of ["start", "beat"] as const) {
    const { roster } = setUp();
    roster.announce(named("expected"), 60_000, 0);
    hear(roster, 1, named("other"));
    hear(roster, 2, { ...named("expected"), kind });
    assert.deepEqual([...roster.values()].map(({ name }) => name), ["other", "expected"]);
  }
});

Deno.test("Roster loses an expected member that is never heard once, at the end of its grace", () => {
  const { roster, take } = setUp();
  const member = roster.announce(WHO, 15_000, 0);
  assert.ok(member instanceof Member);
  roster.advance(14_999);
  assert.equal(member.state, "starting");
  roster.advance(15_000);
  assert.equal(member.state, "lost");
  roster.advance(1e12);
  assert.deepEqual(states(take()), ["unknown -> starting", "starting -> lost"]);
  assert.equal(roster.nextWake(), undefined);
});

Deno.test("Roster holds still while the host is in maintenance and excuses all afterwards", () => {
  const { roster, take } = setUp();
  const member = hear(roster, 0);
  roster.advance(3500);
  take();
  roster.hold("maintenance");
  roster.advance(1e9);
  assert.deepEqual(take(), []);
  assert.equal(roster.nextWake(), undefined);
  roster.release("maintenance", 1e9);
  assert.equal(member.state, "late");
  assert.equal(roster.deadline(member), 1e9 + 2000);
});

Deno.test("Roster knows of nobody that it is well while it hears nobody", () => {
  const { roster, take } = setUp();
  const member = hear(roster, 0);
  const lost = roster.fail(
    { ...WHO, id: "lost @ 127.0.0.1", promiseMs: 1_000 },
    "exit status 1",
    500,
  );
  assert.ok(typeof lost !== "string");
  take();
  const shown = () => [member, lost].map((one) => [roster.stateOf(one), roster.sinceOf(one)]);
  const before = shown();
  roster.setDeaf(true, 3_500);
  roster.setDeaf(true, 3_600);
  assert.deepEqual(shown(), [["unknown", 0], ["lost", 500]]);
  roster.advance(1e9);
  roster.setDeaf(false, 1e9);
  assert.deepEqual(shown(), before);
  assert.deepEqual(take().map(({ type, at }) => [type, at]), [
    ["deafness-began", 3_500],
    ["deafness-ended", 1e9],
  ]);
});

Deno.test("Roster finishes a state change though a listener throws", () => {
  const failures: unknown[] = [];
  const events = new Events({ onFailure: (error) => failures.push(error) });
  events.subscribe({
    capacity: 1,
    onWaiting: () => {
      throw new Error("broken listener");
    },
  });
  const healthy = events.subscribe();
  const roster = new Roster(RULES, 0, events);
  const member = hear(roster, 0);
  assert.equal(failures.length, 1);
  assert.equal(healthy.waiting, 2);
  assert.equal(roster.deadline(member), 1000);
});

Deno.test("Roster states its own misuse", () => {
  const { roster } = setUp();
  const member = hear(roster, 100);
  assert.throws(() => roster.renew(member, 0, "beat", 100), /longer than nothing/);
  assert.throws(() => roster.renew(member, NaN, "beat", 100), /longer than nothing/);
  assert.throws(() => roster.renew(member, 5, "beat", 99), /does not run backwards/);
  assert.equal(member.beats, 1);
});

Deno.test("Roster refers to a member by protocol, identity, name and address", () => {
  const { roster } = setUp();
  assert.deepEqual(roster.ref(hear(roster, 0)), { protocol: "hilbert", ...WHO });
});

Deno.test("Roster tells who is gone at its time, and whose record ends", () => {
  const { roster } = setUp();
  const ended: string[] = [];
  roster.whenEnded(({ name }, cause, now) => ended.push(`${name} ${cause} ${now}`));
  hear(roster, 0);
  const other = hear(roster, 0, named("other"));
  roster.advance(5_999);
  assert.deepEqual(ended, []);
  roster.advance(6_000);
  assert.deepEqual(ended.splice(0).sort(), ["other silence 6000", "tetris silence 6000"]);
  roster.forget(other, "operator", 6_001);
  roster.leave(WHO.id, 6_002);
  roster.leave(WHO.id, 6_003);
  assert.deepEqual(ended, ["other operator 6001", "tetris done 6002"]);
});
