import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { Calendar } from "../../src/core/calendar.ts";
import { UPTIME_STAMP_MS } from "../../src/store/uptime.ts";
import type { UptimeRecord } from "../../src/store/uptime_record.ts";
import { berlinDay, type Known, TICK_MS, UptimeModel } from "./uptime_model.ts";
import { copyAsKilled, HandClock, heardFrom, idOf, VirtualHost } from "./virtual_host.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NAMES = ["tetris", "globe", "pendulum"];
const BERLIN = new Calendar("Europe/Berlin");
/** Both nights in which Berlin changes its clocks, and a plain one. */
const STARTS = [
  Date.UTC(2026, 2, 28, 20),
  Date.UTC(2026, 9, 24, 19, 30),
  Date.UTC(2026, 5, 10, 21, 45),
];
/** Two steps that lead further ahead than any one does, and back. */
const TWO_STEPS: [startMs: number, script: Action[]] = [Date.UTC(2026, 9, 24, 19, 30), [
  { kind: "step", ms: 28 * 24 * HOUR_MS },
  { kind: "step", ms: 28 * 24 * HOUR_MS },
  { kind: "wait", ticks: 1, beating: ["pendulum"] },
  { kind: "pauseHost" },
  { kind: "step", ms: -10 * 365 * 24 * HOUR_MS },
  { kind: "wait", ticks: 40, beating: [] },
  { kind: "step", ms: 0 },
]];
/** Tables as small as they can be: whatever is trimmed, no figure may change. */
const TINY = { rowsMax: 5, rowsPerMemberMax: 2 };

type Action =
  | { kind: "wait"; ticks: number; beating: string[] }
  | { kind: "flap"; name: string; times: number }
  | { kind: "fail" | "leave" | "announce" | "pause" | "resume"; name: string }
  | { kind: "pauseHost" | "resumeHost" | "deafen" | "hearAgain" }
  | { kind: "step"; ms: number }
  | { kind: "restart" | "kill"; awayMs: number };

const name = fc.constantFrom(...NAMES);
const ticksOf = (ms: number) => Math.round(ms / TICK_MS);
const wholeTicks = (arbitrary: fc.Arbitrary<number>) =>
  arbitrary.map((ms) => ticksOf(ms) * TICK_MS);
const awayMs = wholeTicks(fc.constantFrom(0, 30_000, 5 * MINUTE_MS, 9 * HOUR_MS));

function actions(ends: ("restart" | "kill")[]): fc.Arbitrary<Action[]> {
  return fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant("wait" as const),
          ticks: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 900 })),
          beating: fc.subarray(NAMES),
        }),
      },
      fc.record({
        kind: fc.constant("flap" as const),
        name,
        times: fc.integer({ min: 1, max: 30 }),
      }),
      fc.record({
        kind: fc.constantFrom(
          "fail" as const,
          "leave" as const,
          "announce" as const,
          "pause" as const,
          "resume" as const,
        ),
        name,
      }),
      fc.record({
        kind: fc.constantFrom(
          "pauseHost" as const,
          "resumeHost" as const,
          "deafen" as const,
          "hearAgain" as const,
        ),
      }),
      fc.record({
        kind: fc.constant("step" as const),
        ms: wholeTicks(fc.oneof(
          fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
          fc.constantFrom(28 * 24 * HOUR_MS, -28 * 24 * HOUR_MS, -10 * 365 * 24 * HOUR_MS),
        )),
      }),
      fc.record({ kind: fc.constantFrom(...ends), awayMs }),
    ),
    { minLength: 5, maxLength: 40 },
  );
}

/** Several runs of a host on one directory, and the model that watches them. */
class Story implements Disposable {
  readonly model = new UptimeModel();
  readonly calendar = BERLIN;
  #directory = Deno.makeTempDirSync({ prefix: "pulsebox-uptime-" });
  #clock: HandClock;
  #host: VirtualHost;
  #subscription;
  /** Whether the clock was set in this run. */
  #isSet = false;
  kills = 0;

  constructor(startMs: number) {
    this.#clock = new HandClock(startMs);
    this.#host = this.#open();
    this.#subscription = this.#host.events.subscribe({ capacity: 10_000 });
    this.#host.store.load();
  }

  run(action: Action): void {
    const { hilbert, members } = this.#host;
    const now = this.#clock.now();
    switch (action.kind) {
      case "wait":
        for (let tick = 0; tick < action.ticks; tick++) {
          for (const beating of action.beating) this.#beat(beating);
          this.#tick();
        }
        break;
      case "flap":
        for (let time = 0; time < action.times; time++) {
          this.#beat(action.name);
          this.#tick();
          hilbert.fail(heardFrom(action.name, 2 * TICK_MS), "broken", this.#clock.now());
          this.#tick();
        }
        break;
      case "fail":
        hilbert.fail(heardFrom(action.name, 2 * TICK_MS), "broken", now);
        break;
      case "leave":
        hilbert.leave(idOf(action.name), now);
        break;
      case "announce":
        hilbert.announce(heardFrom(action.name), 5 * TICK_MS, now);
        break;
      case "pause":
        hilbert.pause(heardFrom(action.name), { reason: "", until: now + 40 * TICK_MS }, now);
        break;
      case "resume": {
        const member = hilbert.get(idOf(action.name));
        if (member !== undefined) hilbert.resume(member, "operator", now);
        break;
      }
      case "pauseHost":
        members.pauseAll({ reason: "", until: now + 40 * TICK_MS }, now);
        break;
      case "resumeHost":
        members.resumeAll("operator", now);
        break;
      case "deafen":
      case "hearAgain":
        hilbert.setDeaf(action.kind === "deafen", now);
        break;
      case "step":
        this.#settle();
        this.#isSet = true;
        this.#clock.wallMs = Math.max(0, this.#clock.wallMs + action.ms);
        this.#host.store.commitDue();
        break;
      case "restart":
      case "kill":
        this.#settle();
        // Of an earlier run only its last clock is known: a silence that is older than a step of that
        // clock is dated as if there had been none.
        if (this.#isSet) this.#beatAll();
        this.#isSet = false;
        this.#restart(action.kind, action.awayMs);
    }
    this.#settle();
  }

  /** What the store says of a member now. */
  record(member: string): UptimeRecord {
    return this.#host.store.uptime.query({ protocol: "hilbert", id: idOf(member) });
  }

  get wallMs(): number {
    return this.#clock.wall();
  }

  #open(): VirtualHost {
    const options = { ...TINY, calendar: this.calendar };
    return new VirtualHost(this.#directory, this.#clock, options);
  }

  #beat(member: string): void {
    this.#host.beat(member, 2 * TICK_MS);
  }

  #beatAll(): void {
    for (const { name: member, state } of this.#host.hilbert.values()) {
      if (state === "ok" || state === "late" || state === "starting") this.#beat(member);
    }
    this.#settle();
  }

  #settle(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      this.model.take(event);
    }
    this.#host.store.commitDue();
  }

  #tick(): void {
    this.#settle();
    this.model.pass(this.#clock.wall());
    this.#clock.pass(TICK_MS);
    this.#host.members.advance(this.#clock.now());
    this.#settle();
  }

  #restart(end: "restart" | "kill", away: number): void {
    if (end === "restart") this.#host.store.close();
    else {
      const killed = Deno.makeTempDirSync({ prefix: "pulsebox-uptime-" });
      copyAsKilled(this.#directory, killed);
      this.#host.store.close();
      Deno.removeSync(this.#directory, { recursive: true });
      this.#directory = killed;
      this.kills++;
    }
    this.#clock = new HandClock(this.#clock.wall() + away, 50_000);
    this.#host = this.#open();
    this.#host.store.load();
    this.#subscription = this.#host.events.subscribe({ capacity: 10_000 });
    this.model.begin(this.#host);
  }

  [Symbol.dispose](): void {
    this.#host.store.close();
    Deno.removeSync(this.#directory, { recursive: true });
  }
}

/** The days of the story, whatever the clock showed. */
function daysOf(story: Story, member: string): Map<string, Known> {
  const known = new Map<string, Known>();
  const record = story.record(member);
  for (const [period] of story.model.known(`hilbert/${idOf(member)}`, berlinDay)) {
    const noon = Date.parse(`${period}T11:00:00Z`);
    const { knownMs, downMs, plannedMs } = record.figuresOf(BERLIN.dayOf(noon));
    known.set(period, { knownMs, downMs, plannedMs });
  }
  return known;
}

Deno.test("uptime equals that of the full record, whatever happens and is trimmed", () => {
  fc.assert(
    fc.property(fc.constantFrom(...STARTS), actions(["restart"]), (startMs, script) => {
      using story = new Story(startMs);
      for (const action of script) {
        story.run(action);
        for (const member of NAMES) {
          const model = story.model.known(`hilbert/${idOf(member)}`, berlinDay);
          assert.deepEqual(daysOf(story, member), model, `${member} after ${action.kind}`);
        }
      }
      assertHalfHours(story);
    }),
    { numRuns: 40, examples: [TWO_STEPS] },
  );
});

/** The half-hours of the last days, against the model and against their day. */
function assertHalfHours(story: Story): void {
  const halfHourOf = (wallMs: number) => String(Math.floor(wallMs / (HOUR_MS / 2)) * (HOUR_MS / 2));
  for (const member of NAMES) {
    const model = story.model.known(`hilbert/${idOf(member)}`, halfHourOf);
    const record = story.record(member);
    for (const { period, figures } of record.days().slice(0, 3)) {
      const halfHours = record.halfHours(period);
      let knownMs = 0;
      for (const halfHour of halfHours) {
        const { knownMs: known, downMs, plannedMs } = halfHour.figures;
        const nothing = { knownMs: 0, downMs: 0, plannedMs: 0 };
        const expected = model.get(String(halfHour.period.from)) ?? nothing;
        assert.deepEqual({ knownMs: known, downMs, plannedMs }, expected);
        knownMs += known;
      }
      if (period.to <= story.wallMs) assert.equal(knownMs, figures.knownMs);
    }
  }
}

function assertKillsCostLittle(startMs: number, script: readonly Action[]): void {
  using story = new Story(startMs);
  for (const action of script) story.run(action);
  const allowedMs = story.kills * (UPTIME_STAMP_MS + TICK_MS);
  for (const member of NAMES) {
    const known = daysOf(story, member);
    for (const [day, model] of story.model.known(`hilbert/${idOf(member)}`, berlinDay)) {
      const { knownMs = 0, downMs = 0, plannedMs = 0 } = known.get(day) ?? {};
      assert.ok(knownMs <= model.knownMs, `${day}: ${knownMs} of ${model.knownMs}`);
      assert.ok(knownMs >= model.knownMs - allowedMs);
      assert.ok(Math.abs(downMs - model.downMs) <= allowedMs);
      assert.ok(Math.abs(plannedMs - model.plannedMs) <= allowedMs);
    }
  }
}

Deno.test("a kill costs uptime no more than the time since it was last counted", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STARTS),
      actions(["restart", "kill", "kill"]),
      assertKillsCostLittle,
    ),
    { numRuns: 25 },
  );
});

Deno.test("a restart before anything was counted does not guess from the history", () => {
  // The history does not say that the clock was set.
  assertKillsCostLittle(STARTS[0] ?? assert.fail(), [
    { kind: "fail", name: "tetris" },
    { kind: "step", ms: 30_000 },
    { kind: "restart", awayMs: 0 },
    { kind: "wait", ticks: 40, beating: [] },
    { kind: "wait", ticks: 43, beating: [] },
  ]);
});
