import { strict as assert } from "node:assert";
import type { ClientState } from "../../../src/core/client_state.ts";
import { Events } from "../../../src/core/events.ts";
import { recordOf } from "../../../src/core/member_record.ts";
import { Members } from "../../../src/core/members.ts";
import type { Roster } from "../../../src/core/roster.ts";
import { NEWCOMERS_BURST } from "../../../src/roles/state/newcomers.ts";
import { gameRules } from "../../../src/roles/state/options.ts";
import type { GameNotice } from "../../../src/roles/state/notice.ts";
import { GameService, type GameServiceOptions } from "../../../src/roles/state/service.ts";
import type { GameHeartbeat } from "../../../src/wire/mlf/heartbeat.ts";

/** A game server in virtual time. */
class Studio {
  now = 1_000;
  readonly published: string[] = [];
  readonly notices: GameNotice[] = [];
  readonly members = new Members({ now: this.now, events: new Events() });
  readonly service: GameService;

  constructor(options: Partial<GameServiceOptions> & { clientsMax?: number } = {}) {
    this.members.open(gameRules(options.clientsMax ?? 10_000, 60_000));
    this.service = new GameService({
      members: this.members,
      now: () => this.now,
      publish: (message) => this.published.push(message.join(" ")),
      onNotice: (notice) => this.notices.push(notice),
      ...options,
    });
  }

  beat(
    clientId: string,
    clientState: ClientState = "DISCONNECTED",
    at = this.now,
    from = "10.0.0.1",
  ) {
    const heartbeat: GameHeartbeat = {
      sdkVersion: 0.1,
      timestamp: String(at),
      timestampMicros: at * 1_000,
      clientId,
      clientState,
    };
    return this.service.hear(heartbeat, from);
  }

  advance(ms: number) {
    this.now += ms;
    this.members.advance(this.now);
    this.#agree();
  }

  get roster(): Roster {
    const roster = this.members.roster("mlf");
    assert.ok(roster);
    return roster;
  }

  /** Clients are those members that were heard and are not gone. */
  #agree(): void {
    const listed = [...this.roster.values()].filter((member) => member.listed);
    assert.deepEqual(new Set(this.service.clients.keys()), new Set(listed.map(({ id }) => id)));
  }

  take(): string[] {
    return this.published.splice(0);
  }
}

Deno.test("GameService ends a client at its time, once in each life", () => {
  const studio = new Studio({ timebombMs: 2_000 });
  for (let round = 0; round < 100; round++) {
    studio.beat("1");
    for (let beats = 0; beats < 20; beats++) {
      studio.advance(1_000);
      studio.beat("1");
    }
    studio.advance(1_999);
    assert.ok(studio.service.clients.has("1"), "not early");
    studio.advance(1);
    assert.equal(studio.service.clients.size, 0);
    studio.advance(10_000);
  }
  assert.equal(studio.service.counters.changes.timebomb, 100);
  assert.equal(studio.service.counters.reconnects, 99);
  assert.equal(studio.members.size, 1);
});

for (const whose of ["client's", "host's"] as const) {
  Deno.test(`GameService lets the bomb rest during the ${whose} maintenance`, () => {
    const studio = new Studio({ timebombMs: 2_000 });
    const { service, members } = studio;
    studio.beat("1");
    service.force("1", "RUNNING");
    studio.advance(1_000);
    const pause = { reason: "new batteries", until: studio.now + 20_000 };
    const ref = { id: "1", name: "1", address: "" };
    if (whose === "host's") members.pauseAll(pause, studio.now);
    else studio.roster.pause(ref, pause, studio.now);
    for (let steps = 0; steps < 19; steps++) studio.advance(1_000);
    assert.equal(service.stateOf("1"), "RUNNING");
    studio.advance(1_000);
    studio.advance(1_999);
    assert.equal(service.stateOf("1"), "RUNNING", "its silence starts over");
    studio.advance(1);
    assert.equal(service.stateOf("1"), "DISCONNECTED");
    assert.equal(service.counters.changes.timebomb, 1);
  });
}

Deno.test("GameService ends a client whose record an operator forgets", () => {
  const studio = new Studio();
  studio.beat("1");
  studio.take();
  const { member } = studio.service.clients.get("1") ?? {};
  assert.ok(member);
  studio.roster.forget(member, "operator", studio.now);
  assert.deepEqual(studio.take(), ["OnStateChange1 DISCONNECTED"]);
  assert.deepEqual(studio.notices.map(({ type }) => type), ["created", "removed"]);
  studio.advance(20_000);
  assert.equal(studio.notices.length, 2, "once");
  const outcome = studio.beat("1");
  assert.ok("client" in outcome && outcome.created);
});

Deno.test("GameService says goodbye to a client in maintenance, and keeps the maintenance", () => {
  const studio = new Studio();
  studio.beat("1");
  studio.roster.pause(
    { id: "1", name: "1", address: "" },
    { reason: "", until: Infinity },
    studio.now,
  );
  assert.equal(studio.service.force("1", "DISCONNECTED"), "done");
  studio.advance(1_000);
  assert.ok(studio.roster.get("1")?.pause);
  studio.beat("1");
  studio.advance(60_000);
  assert.equal(studio.service.stateOf("1"), "UNCALIBRATED");
});

Deno.test("GameService gives each client of an earlier run a full timebomb of this run", () => {
  const before = new Studio({ timebombMs: 4_000 });
  before.beat("1");
  before.advance(3_500);
  const records = [...before.roster.values()].map((member) => recordOf(member, before.now));
  const after = new Studio({ timebombMs: 60_000 });
  for (const record of records) after.roster.restore(record, after.now);
  after.service.restore();
  after.advance(59_999);
  assert.equal(after.service.clients.size, 1);
  after.advance(1);
  assert.equal(after.service.clients.size, 0);
});

Deno.test("GameService keeps the newest values however heartbeats are ordered", () => {
  const studio = new Studio();
  const reported = () => studio.service.clients.get("1")?.heartbeat.clientState;
  studio.beat("1", "UNCALIBRATED", 5_000);
  studio.beat("1", "RUNNING", 4_000);
  assert.equal(reported(), "UNCALIBRATED", "overtaken");
  studio.beat("1", "RUNNING", 5_000);
  assert.equal(reported(), "UNCALIBRATED", "equal");
  assert.equal(studio.service.clients.get("1")?.lateBeats, 2);
  studio.beat("1", "RUNNING", 5_001);
  assert.equal(reported(), "RUNNING");
  studio.beat("1", "CALIBRATED", -20_000);
  assert.equal(reported(), "CALIBRATED", "a clock that was set back is the new base");
});

Deno.test("GameService lets nothing that a client believes change its state", () => {
  const studio = new Studio();
  studio.beat("1");
  studio.take();
  studio.advance(1_000);
  studio.beat("1", "RUNNING");
  studio.advance(1_000);
  studio.beat("1", "RUNNING");
  assert.deepEqual(studio.take(), []);
  studio.advance(1_000);
  studio.beat("1", "RUNNING");
  assert.deepEqual(studio.take(), ["OnStateChange1 UNCALIBRATED"], "told again after three");
  for (let beats = 0; beats < 4; beats++) {
    studio.advance(1_000);
    studio.beat("1", "RUNNING");
  }
  assert.deepEqual(studio.take(), [], "not more often than every 5 s");
  studio.advance(1_000);
  studio.beat("1", "RUNNING");
  assert.deepEqual(studio.take(), ["OnStateChange1 UNCALIBRATED"]);
  assert.equal(studio.service.stateOf("1"), "UNCALIBRATED");
});

Deno.test("GameService keeps the first of two hosts with one identity", () => {
  const studio = new Studio({ timebombMs: 2_000 });
  studio.beat("1", "UNCALIBRATED", 1, "10.0.0.1");
  studio.advance(1_500);
  studio.beat("1", "RUNNING", 2, "10.0.0.2");
  assert.equal(studio.service.clients.get("1")?.heartbeat.clientState, "UNCALIBRATED");
  assert.equal(studio.service.counters.heartbeats.foreign, 1);
  studio.advance(500);
  assert.equal(studio.service.clients.size, 0, "the second does not keep the first alive");
});

Deno.test("GameService looks at twenty heartbeats of a client in a second", () => {
  const studio = new Studio();
  for (let beats = 0; beats < 100; beats++) studio.beat("1", "RUNNING", beats);
  assert.equal(studio.service.counters.heartbeats.limited, 80);
  studio.advance(1_000);
  studio.beat("1", "RUNNING", 1_000);
  assert.equal(studio.service.counters.heartbeats.limited, 80);
});

Deno.test("GameService limits newcomers by address and in all", () => {
  const studio = new Studio({ clientsMax: 600 });
  let refused = 0;
  for (let index = 0; index < NEWCOMERS_BURST + 50; index++) {
    if ("retryAfterSeconds" in studio.beat(`a${index}`)) refused++;
  }
  assert.equal(refused, 50);
  assert.ok("client" in studio.beat("other", "DISCONNECTED", 1, "10.0.0.2"));
  studio.advance(1_000);
  for (let index = 0; index < 20; index++) {
    assert.ok("client" in studio.beat(`b${index}`), "twenty in a second go on");
  }
  assert.deepEqual(studio.beat("b21"), { retryAfterSeconds: 1 });
  for (let index = 0; index < 100; index++) studio.beat(`c${index}`, "DISCONNECTED", 1, "10.0.0.3");
  assert.equal(studio.service.clients.size, 600);
});

Deno.test("GameService publishes each step of a game", () => {
  const studio = new Studio();
  const { service } = studio;
  studio.beat("1");
  assert.deepEqual(studio.take(), ["OnStateChange1 UNCALIBRATED"]);
  assert.equal(service.act("1", "start"), "illegal");
  assert.equal(service.act("1", "calibrated", "client"), "done");
  assert.deepEqual(studio.take(), ["OnStateChange1 CALIBRATED"]);
  assert.equal(service.act("1", "calibrated", "client"), "done");
  assert.deepEqual(studio.take(), ["OnStateChange1 CALIBRATED"]);
  assert.equal(service.act("1", "start"), "done");
  assert.deepEqual(studio.take(), ["OnStateChange1 RUNNING", "OnCommand1 START"]);
  assert.equal(service.act("1", "calibrate"), "done");
  assert.deepEqual(studio.take(), ["Calibrate1 /GetJson?clientID=1"]);
  assert.equal(service.act("1", "emergency"), "done");
  assert.deepEqual(studio.take(), ["OnCommand1 EMERGENCY"]);
  assert.equal(service.act("1", "lobby"), "done");
  assert.deepEqual(studio.take(), ["OnStateChange1 CALIBRATED", "OnCommand1 LOBBY"]);
  assert.equal(service.act("1", "lobby"), "illegal");
  assert.equal(service.force("1", "DISCONNECTED"), "done");
  assert.deepEqual(studio.take(), ["OnStateChange1 DISCONNECTED"]);
  assert.equal(service.act("1", "start"), "unknown");
  assert.equal(studio.members.size, 0);
  service.tell("nobody");
  assert.deepEqual(studio.take(), ["OnStateChangenobody DISCONNECTED"]);
  assert.equal(service.clients.size, 0);
});

Deno.test("GameService lets a running game go on after a restart of the server", () => {
  const values = new Map<string, string>();
  const keeper = {
    get: (key: string) => values.get(key),
    set: (key: string, value: string | undefined) =>
      void (value === undefined ? values.delete(key) : values.set(key, value)),
  };
  const before = new Studio({ keeper });
  before.beat("1");
  before.beat("2");
  before.service.force("1", "RUNNING");
  before.service.force("2", "CALIBRATED");
  before.service.force("2", "DISCONNECTED");
  const roster = before.members.roster("mlf");
  const records = [...roster?.values() ?? []].map((member) => recordOf(member, before.now));

  const after = new Studio({ keeper, timebombMs: 2_000 });
  for (const record of records) after.members.roster("mlf")?.restore(record, after.now);
  after.service.restore();
  assert.equal(after.service.stateOf("1"), "RUNNING");
  assert.equal(after.service.stateOf("2"), "DISCONNECTED");
  const outcome = after.beat("1", "RUNNING");
  assert.ok("client" in outcome && !outcome.created);
  after.advance(2_000);
  assert.equal(after.service.clients.size, 0);
  assert.deepEqual([...values], []);
});
