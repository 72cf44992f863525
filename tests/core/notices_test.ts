import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { Events, type PulseEvent, type Subscription } from "../../src/core/events.ts";
import type { Member, MemberRef } from "../../src/core/member.ts";
import { recordOf } from "../../src/core/member_record.ts";
import { Members } from "../../src/core/members.ts";
import type { Roster } from "../../src/core/roster.ts";
import {
  KNOWN_OUTAGES_MAX,
  type Notice,
  type NoticeKind,
  NoticeRules,
} from "../../src/core/notices.ts";

const REMINDER_MS = 60_000;
const ALL_KINDS: readonly NoticeKind[] = [
  "lost",
  "recovered",
  "ended",
  "late",
  "flapping",
  "reminder",
  "alarm",
];

const DEEDS = [
  "beat",
  "beat",
  "start",
  "silence",
  "silence",
  "long silence",
  "done",
  "forget",
  "announce",
  "pause",
  "resume",
  "host pauses",
  "host resumes",
  "flaps",
  "steady",
  "tick",
  "restart",
  "restart a while later",
  "role off",
] as const;

/** Members whose events go to the rules, on a clock that is moved by hand. */
class Scene {
  now = 0;
  readonly flapping = new Set<string>();
  readonly told: string[] = [];
  readonly notices: Notice[] = [];
  readonly events = new Events();
  members: Members = new Members({ now: 0, events: this.events });
  roster: Roster;
  rules: NoticeRules;
  readonly #kinds: ReadonlySet<NoticeKind>;
  #subscription: Subscription;
  #ids = 0;

  constructor(...kinds: NoticeKind[]) {
    this.#kinds = new Set(kinds.length === 0 ? ALL_KINDS : kinds);
    this.roster = this.#openRoster();
    this.rules = this.#openRules();
    this.#subscription = this.events.subscribe();
  }

  #openRoster(): Roster {
    return this.members.open({
      protocol: "hilbert",
      limits: { missed: 1, late: 3, lost: 5, gone: 6 },
      // Three of the four members of the property: the fourth displaces one that is gone.
      membersMax: 3,
      membersPerAddressMax: 3,
      rememberGoneMs: 200_000,
    });
  }

  #openRules(): NoticeRules {
    return new NoticeRules({
      kinds: this.#kinds,
      reminderMs: REMINDER_MS,
      isFlapping: (id) => this.flapping.has(id),
      newId: () => `id${++this.#ids}`,
    });
  }

  /** Everything that can happen to a member. */
  act(deed: typeof DEEDS[number], name: string, ms: number): void {
    const ref = { id: `${name} @ ::1`, name, address: "::1" };
    const member = this.roster.get(ref.id);
    const pause = { reason: "", until: ms % 2 === 0 ? Infinity : this.now + ms };
    switch (deed) {
      case "beat":
      case "start": {
        const kind = deed === "beat" ? "beat" : "start";
        this.roster.hear({ ...ref, promiseMs: 1_000, kind }, this.now);
        break;
      }
      case "silence":
        this.pass(ms);
        break;
      case "long silence":
        this.pass(200_000 + ms);
        break;
      case "done":
        this.roster.leave(ref.id, this.now);
        break;
      case "forget":
        if (member !== undefined) this.roster.forget(member, "operator", this.now);
        break;
      case "announce":
        this.roster.announce(ref, 1_000, this.now);
        break;
      case "pause":
        this.roster.pause(ref, pause, this.now);
        break;
      case "resume":
        if (member !== undefined) this.roster.resume(member, "operator", this.now);
        break;
      case "host pauses":
        this.members.pauseAll(pause, this.now);
        break;
      case "host resumes":
        this.members.resumeAll("operator", this.now);
        break;
      case "flaps":
        this.flapping.add(`hilbert/${ref.id}`);
        break;
      case "steady":
        this.flapping.delete(`hilbert/${ref.id}`);
        break;
      case "tick":
        this.tick();
        break;
      case "restart":
        this.#restart(0);
        break;
      case "restart a while later":
        this.#restart(ms);
        break;
      case "role off":
        this.#restart(0, "off");
        break;
    }
    this.collect();
  }

  /** What the store keeps is all that is left. */
  #restart(awayMs: number, role: "on" | "off" = "on"): void {
    this.collect();
    const records = [...this.roster.values()].map((member) => recordOf(member, this.now));
    const { outages } = this.rules;
    this.members = new Members({ now: this.now, events: this.events });
    this.roster = this.#openRoster();
    this.rules = this.#openRules();
    for (const record of role === "on" ? records : []) {
      this.roster.restore({ ...record, silentMs: record.silentMs + awayMs }, this.now);
    }
    for (const outage of outages.values()) this.rules.restore(outage);
    for (const member of this.roster.values()) {
      if (member.state !== "lost" && member.state !== "gone") continue;
      this.rules.restoreUntold(this.roster.ref(member), member.heardAt);
    }
  }

  beat(name = "tetris"): void {
    const id = `${name} @ ::1`;
    this.roster.hear({ id, name, address: "::1", promiseMs: 1_000, kind: "beat" }, this.now);
    this.collect();
  }

  pass(ms: number): void {
    this.now += ms;
    this.members.advance(this.now);
    this.collect();
  }

  collect(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      this.note(...this.rules.take(event));
    }
  }

  tick(): void {
    for (const notice of this.rules.tick(this.now, (ref) => this.#find(ref))) this.note(notice);
  }

  note(...notices: readonly Notice[]): void {
    this.notices.push(...notices);
    this.told.push(...notices.map(({ kind }) => kind));
  }

  get tetris(): Member {
    const member = this.roster.get("tetris @ ::1");
    assert.ok(member);
    return member;
  }

  #find(ref: MemberRef) {
    const member = this.roster.get(ref.id);
    return member?.pause !== undefined || this.members.pause !== undefined ? "paused" : member;
  }
}

Deno.test("NoticeRules tell an outage once, and its end, under one identity", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(5_500);
  scene.pass(10_000);
  scene.beat();
  assert.deepEqual(scene.told, ["late", "lost", "recovered"]);
  const [late, lost, recovered] = scene.notices;
  assert.equal(lost?.id, recovered?.id);
  assert.equal(late?.id, lost?.id, "who is late and then lost has one outage");
  assert.equal(lost?.silentMs, 5_500);
  assert.equal(recovered?.downMs, 15_500);
  scene.pass(5_500);
  assert.notEqual(scene.notices.at(-1)?.id, lost?.id, "the next outage is another one");
});

Deno.test("NoticeRules take an announcement for no sign of life", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(6_500);
  scene.told.length = 0;
  scene.roster.announce(scene.tetris, 5_000, scene.now);
  scene.collect();
  scene.pass(5_000);
  assert.deepEqual(scene.told, [], "it is the same outage");
  scene.beat();
  assert.deepEqual(scene.told, ["recovered"]);
});

Deno.test("NoticeRules remind at the interval while an outage lasts", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(5_000);
  scene.told.length = 0;
  scene.pass(REMINDER_MS - 1);
  scene.tick();
  assert.deepEqual(scene.told, []);
  scene.pass(1);
  scene.tick();
  scene.tick();
  assert.deepEqual(scene.told, ["reminder"]);
  assert.equal(scene.notices.at(-1)?.downMs, 5_000 + REMINDER_MS);
  scene.pass(REMINDER_MS);
  scene.tick();
  assert.deepEqual(scene.told, ["reminder", "reminder"]);
});

Deno.test("NoticeRules remind of a member that was announced and not heard", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(6_000);
  scene.roster.announce(scene.tetris, 2 * REMINDER_MS, scene.now);
  scene.told.length = 0;
  scene.pass(REMINDER_MS);
  scene.tick();
  assert.deepEqual([scene.tetris.state, scene.told], ["starting", ["reminder"]]);
});

Deno.test("NoticeRules remind nobody of what somebody looks after, until that is withdrawn", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(5_000);
  scene.told.length = 0;
  const anna = { by: "Anna", note: "", at: scene.now };
  scene.roster.acknowledge(scene.tetris, anna, scene.now);
  scene.pass(3 * REMINDER_MS);
  scene.tick();
  assert.deepEqual(scene.told, []);
  scene.roster.acknowledge(scene.tetris, undefined, scene.now);
  scene.tick();
  assert.deepEqual(scene.told, ["reminder"]);
  scene.beat();
  assert.deepEqual(scene.told, ["reminder", "recovered"], "the end is told to all who knew");
});

Deno.test("NoticeRules are quiet in maintenance, and tell what outlasts it", () => {
  const scene = new Scene();
  scene.beat();
  scene.members.pauseAll({ reason: "", until: Infinity }, scene.now);
  scene.pass(REMINDER_MS);
  scene.tick();
  assert.deepEqual(scene.told, []);
  scene.members.resumeAll("operator", scene.now);
  scene.collect();
  scene.pass(5_500);
  assert.deepEqual(scene.told, ["late", "lost"]);
  // A reminder has to wait as well.
  scene.roster.pause(scene.tetris, { reason: "", until: Infinity }, scene.now);
  scene.pass(2 * REMINDER_MS);
  scene.tick();
  assert.deepEqual(scene.told, ["late", "lost"]);
});

Deno.test("NoticeRules tell of an outage that began in maintenance only when that ended", () => {
  const scene = new Scene();
  scene.beat();
  const member: MemberRef = {
    protocol: "hilbert",
    id: "tetris @ ::1",
    name: "tetris",
    address: "::1",
  };
  const lost: PulseEvent = {
    type: "member-state",
    at: 1,
    member,
    from: "late",
    to: "lost",
    cause: "silence",
    silentMs: 1,
    paused: true,
  };
  scene.note(...scene.rules.take(lost));
  scene.tick();
  assert.deepEqual(scene.told, [], "it is well");
  scene.note(...scene.rules.take(lost));
  scene.pass(5_500);
  scene.tick();
  assert.deepEqual(scene.told, ["late", "lost"]);
});

Deno.test("NoticeRules tell of flapping once, and of who stays lost after it", () => {
  const scene = new Scene();
  scene.beat();
  scene.flapping.add("hilbert/tetris @ ::1");
  const { tetris } = scene;
  scene.note(
    ...scene.rules.take({ type: "member-flapping", at: 0, member: scene.roster.ref(tetris) }),
  );
  for (let outage = 0; outage < 3; outage++) {
    scene.pass(5_500);
    scene.tick();
    scene.beat();
  }
  assert.deepEqual(scene.told, ["flapping"]);
  scene.pass(5_500);
  scene.tick();
  assert.deepEqual(scene.told, ["flapping"]);
  scene.flapping.clear();
  scene.tick();
  assert.deepEqual(scene.told, ["flapping", "lost"]);
  scene.beat();
  assert.deepEqual(scene.told, ["flapping", "lost", "recovered"]);
});

Deno.test("NoticeRules end the outage of whoever says goodbye or is forgotten", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(5_500);
  assert.equal(scene.rules.outages.size, 1);
  scene.roster.forget(scene.tetris, "operator", scene.now);
  scene.collect();
  assert.equal(scene.rules.outages.size, 0);
  assert.deepEqual(scene.told, ["late", "lost", "ended"]);
  assert.equal(scene.notices.at(-1)?.endCause, "operator");
  assert.equal(scene.notices.at(-1)?.id, scene.notices.at(-2)?.id);
});

Deno.test("NoticeRules close the alert of whoever says goodbye in maintenance, at once", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(5_500);
  scene.roster.pause(scene.tetris, { reason: "", until: Infinity }, scene.now);
  scene.roster.leave("tetris @ ::1", scene.now);
  scene.collect();
  assert.deepEqual(scene.told, ["late", "lost", "ended"]);
});

Deno.test("NoticeRules close the alert of whoever was only late", () => {
  const scene = new Scene();
  scene.beat();
  scene.pass(3_500);
  scene.beat();
  assert.deepEqual(scene.told, ["late", "recovered"]);
});

Deno.test("NoticeRules tell nobody the end of what nobody was told", () => {
  const scene = new Scene("lost", "recovered", "ended");
  scene.beat();
  scene.pass(3_500);
  scene.beat();
  assert.deepEqual(scene.told, []);
});

Deno.test("NoticeRules close every alert exactly once, whatever ends it", () => {
  const step = fc.record({
    deed: fc.constantFrom(...DEEDS),
    name: fc.constantFrom("a", "b", "c", "d"),
    ms: fc.integer({ min: 0, max: 8_000 }),
  });
  const kinds = fc.constantFrom<NoticeKind[]>(
    ["lost", "recovered", "ended"],
    ["lost", "recovered", "ended", "late", "flapping", "reminder"],
  );
  fc.assert(fc.property(kinds, fc.array(step, { maxLength: 60 }), (told, steps) => {
    const scene = new Scene(...told);
    for (const { deed, name, ms } of steps) scene.act(deed, name, ms);
    // Whoever comes now is told to be well, and the rest ends with the last settings.
    scene.act("host resumes", "", 0);
    for (const name of ["a", "b"]) scene.act("beat", name, 0);
    scene.act("role off", "", 0);
    scene.tick();
    assert.equal(scene.rules.outages.size, 0, "nothing stays open");
    const open = new Map<string, string>();
    for (const { kind, id, member } of scene.notices) {
      const name = member?.name ?? "";
      if (kind === "lost" || kind === "late") {
        assert.ok(
          !open.has(name) || kind === "lost" && open.get(name) === id,
          "one alert at a time",
        );
        open.set(name, id);
      } else if (kind === "reminder") {
        assert.equal(open.get(name), id, "a reminder is of an open alert");
      } else if (kind === "recovered" || kind === "ended") {
        assert.equal(open.get(name), id, `${kind} closes an open alert`);
        open.delete(name);
      }
    }
    assert.deepEqual([...open], [], "every alert is closed");
  }));
});

Deno.test("NoticeRules go on with the outages of an earlier run", () => {
  const scene = new Scene();
  scene.beat();
  const member = scene.roster.ref(scene.tetris);
  scene.rules.restore({ id: "old", member, since: -10_000, toldAt: 0, told: "lost" });
  scene.pass(5_500);
  assert.deepEqual(scene.told, [], "it is known already");
  scene.beat();
  assert.deepEqual(scene.notices.at(-1), {
    kind: "recovered",
    id: "old",
    at: 5_500,
    member,
    downMs: 15_500,
  });
});

Deno.test("NoticeRules notice that a member came back while nobody could say so", () => {
  const scene = new Scene();
  scene.beat();
  const member = scene.roster.ref(scene.tetris);
  scene.rules.restore({ id: "old", member, since: -10_000, toldAt: 0, told: "lost" });
  scene.tick();
  scene.tick();
  assert.deepEqual(scene.told, [], "that it was well on disk proves nothing");
  scene.beat();
  scene.tick();
  assert.deepEqual(scene.told, ["recovered"]);
  // And one that nobody knows any more is no outage.
  scene.rules.restore({
    id: "x",
    member: { ...member, id: "nobody @ ::1" },
    since: 0,
    toldAt: 0,
    told: "lost",
  });
  scene.tick();
  assert.equal(scene.rules.outages.size, 0);
});

Deno.test("NoticeRules tell of alarms, and say what has changed", () => {
  const scene = new Scene();
  scene.note(
    ...scene.rules.take({ type: "alarm-raised", at: 7, alarm: "APNEA", priority: "PRIORITY_HIGH" }),
  );
  assert.deepEqual(scene.notices, [
    { kind: "alarm", id: "id1", at: 7, alarm: "APNEA", priority: "PRIORITY_HIGH" },
  ]);
  scene.beat();
  scene.pass(5_500);
  assert.deepEqual(scene.rules.takeChanges(), ["hilbert/tetris @ ::1"]);
  assert.deepEqual(scene.rules.takeChanges(), []);
});

Deno.test("NoticeRules know a bounded number of outages, also of quiet ones", () => {
  const lost = (id: string, paused: boolean): PulseEvent => ({
    type: "member-state",
    at: 0,
    member: { protocol: "hilbert", id, name: "", address: "" },
    from: "late",
    to: "lost",
    cause: "silence",
    silentMs: 0,
    paused,
  });
  const scene = new Scene();
  scene.beat();
  scene.pass(5_500);
  const { rules: told } = new Scene();
  const { rules: quiet } = new Scene();
  for (let count = 0; count <= KNOWN_OUTAGES_MAX; count++) {
    told.take(lost(`a${count}`, false));
    quiet.take(lost(`a${count}`, true));
  }
  assert.equal(told.outages.size, KNOWN_OUTAGES_MAX);
  assert.ok(!told.outages.has("hilbert/a0"));
  const notices = quiet.tick(0, () => scene.tetris);
  assert.equal(notices.length, KNOWN_OUTAGES_MAX, "all but the oldest are told after maintenance");
  assert.equal(notices[0]?.member?.id, "a1");
});

Deno.test("NoticeRules tells nothing of members of whom somebody else tells", () => {
  const events = new Events();
  const subscription = events.subscribe();
  const rules = new NoticeRules({
    kinds: new Set(ALL_KINDS),
    reminderMs: REMINDER_MS,
    isFlapping: () => false,
    isOthers: ({ protocol }) => protocol === "fleet",
    newId: () => "1",
  });
  const members = new Members({ now: 0, events });
  const open = (protocol: "fleet" | "hilbert") =>
    members.open({
      protocol,
      limits: { missed: 1, late: 2, lost: 4, gone: 9 },
      membersMax: 9,
      membersPerAddressMax: 9,
      rememberGoneMs: 1e6,
    });
  for (const roster of [open("fleet"), open("hilbert")]) {
    const ref = { id: "a", name: "a", address: "a" };
    roster.hear({ ...ref, promiseMs: 1_000, kind: "beat" }, 0);
    rules.restoreUntold({ protocol: roster.rules.protocol, ...ref, id: "b" }, 0);
  }
  members.advance(4_000);
  events.publish({
    type: "member-flapping",
    at: 4_000,
    member: { protocol: "fleet", id: "a", name: "a", address: "a" },
  });
  const told: Notice[] = [];
  for (let event = subscription.take(); event; event = subscription.take()) {
    told.push(...rules.take(event));
  }
  told.push(...rules.tick(4_000, () => undefined));
  assert.deepEqual([...new Set(told.map(({ member }) => member?.protocol))], ["hilbert"]);
  assert.ok(told.some(({ kind }) => kind === "lost"));
});
