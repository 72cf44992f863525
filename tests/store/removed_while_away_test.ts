import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { MINUTE_MS, SECOND_MS } from "../../src/core/clock.ts";
import { MemberTags } from "../../src/core/member_tags.ts";
import type { NoticeKind } from "../../src/core/notices.ts";
import { OVERRULED_NAMES_MAX } from "../../src/core/overruled.ts";
import { DAMAGE_KEY } from "../../src/store/damage_note.ts";
import { Outbox, type OutboxOptions } from "../../src/store/outbox.ts";
import type { StoreOptions } from "../../src/store/store_options.ts";
import { FaultyDisk } from "./faulty_disk.ts";
import { HandClock, heardFrom, idOf, temporaryDirectory, VirtualHost } from "./virtual_host.ts";

const DAY_MS = 1_440 * MINUTE_MS;
/** Retries come after a minute at the most, give or take a quarter. */
const RETRY_PASSED_MS = 80_000;
/** Everything whose text has this in it is removed while the disk is away. */
const MARK = "removed-";
/** Tables that say what was, not what is: they keep what they have of a member that is forgotten. */
const RECORDS = new Set(["history", "uptime_day", "uptime_half_hour", "member_outage"]);

function directions(targets: readonly string[]): OutboxOptions {
  let ids = 0;
  return {
    targets,
    kinds: new Set<NoticeKind>(["lost", "recovered", "ended"]),
    reminderMs: DAY_MS,
    isFlapping: () => false,
    newId: () => `${crypto.randomUUID()}-${++ids}`,
    compose: (id, kind, notices) => JSON.stringify({ id, kind, notices }),
    onReady: () => {},
  };
}

/** A host with everything that a store keeps. */
class FullHost implements Disposable {
  readonly tags = new MemberTags();
  readonly host: VirtualHost;
  #outbox: Outbox | undefined;

  constructor(directory: string, clock: HandClock, options: Partial<StoreOptions> = {}) {
    this.host = new VirtualHost(directory, clock, {
      ...options,
      tags: this.tags,
      makeOutbox: (context) =>
        this.#outbox = new Outbox(directions(["kept", `${MARK}target`]), context),
    });
    this.host.store.load();
  }

  get outbox(): Outbox {
    assert.ok(this.#outbox);
    return this.#outbox;
  }

  get now(): number {
    return this.host.clock.now();
  }

  pass(ms: number): void {
    this.host.clock.pass(ms);
    this.host.members.advance(this.now);
  }

  pause(name: string, reason: string): void {
    this.host.hilbert.pause(heardFrom(name), { reason, until: Infinity }, this.now);
  }

  tag(name: string, ...tags: string[]): void {
    this.tags.give({ protocol: "hilbert", id: idOf(name) }, tags);
  }

  /** Ends a member's record by an operator, as the API does. */
  forget(name: string): void {
    const member = this.host.hilbert.get(idOf(name));
    assert.ok(member, name);
    this.host.hilbert.forget(member, "operator", this.now);
    this.tag(name);
  }

  /** Delivers all messages to a target. @return Their identities. */
  deliver(target: string): Set<string> {
    const ids = new Set<string>();
    for (let next = this.outbox.next(target); next; next = this.outbox.next(target)) {
      ids.add(next.id);
      this.outbox.finish(next, "arrived");
    }
    return ids;
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]();
  }
}

/** Puts something that will be removed, and something that stays, into every table. */
function fill(full: FullHost): void {
  const { host } = full;
  const names = ["kept", ...["forgotten", "paused", "left", "aged"].map((name) => MARK + name)];
  for (const name of names) host.beat(name, SECOND_MS);
  full.pause(`${MARK}paused`, `${MARK}reason`);
  full.pass(5_500);
  const kept = host.hilbert.get(idOf("kept"));
  assert.ok(kept);
  const by = { by: `${MARK}by`, note: "", at: full.now };
  host.hilbert.acknowledge(kept, by, full.now);
  for (const name of ["resting", "resumed"]) {
    host.beat(name, SECOND_MS);
    full.pause(name, name === "resting" ? "lamp" : `${MARK}lamp`);
  }
  full.tag(`${MARK}forgotten`, "kiosk");
  full.tag("kept", `${MARK}tag`);
  full.tag("resting", "kiosk");
  host.members.pauseAll({ reason: `${MARK}host`, until: Infinity }, full.now);
  host.store.meta.set(`${MARK}key`, "1");
  host.store.meta.set("kept", "1");
}

/** Removes all of it, in every way in which something can be removed. */
function remove(full: FullHost): void {
  const { host } = full;
  const { hilbert, members, store } = host;
  members.resumeAll("operator", full.now);
  for (const name of ["forgotten", "paused", "aged"]) host.beat(MARK + name, SECOND_MS);
  full.forget(`${MARK}forgotten`);
  full.forget(`${MARK}paused`);
  // Back after it was forgotten, without its maintenance.
  host.beat(`${MARK}paused`, SECOND_MS);
  hilbert.leave(idOf(`${MARK}paused`), full.now);
  // Whoever says goodbye may not be known yet.
  hilbert.leave(idOf(`${MARK}left`), full.now);
  // A goodbye ends no maintenance.
  hilbert.leave(idOf("resting"), full.now);
  // It is gone first, and forgotten a week later.
  for (const ms of [MINUTE_MS, 8 * DAY_MS]) full.pass(ms);
  assert.equal(host.stateOf(`${MARK}aged`), undefined);
  for (const name of ["kept", "resumed"]) host.beat(name, SECOND_MS);
  const resumed = hilbert.get(idOf("resumed"));
  assert.ok(resumed);
  hilbert.resume(resumed, "operator", full.now);
  full.tag("kept");
  store.meta.set(`${MARK}key`, undefined);
  full.outbox.direct(directions(["kept"]));
  full.outbox.direct(directions(["kept", `${MARK}target`]));
}

/** The rows of each table of the schema, as text. */
function tablesIn(directory: string): Map<string, string> {
  using database = new DatabaseSync(`${directory}/pulsebox.db`, { readOnly: true });
  const names = database.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  ).all().map(({ name }) => String(name));
  return new Map(names.map((name) => {
    const rows = database.prepare(`SELECT * FROM ${name}`).all();
    return [name, JSON.stringify(rows)];
  }));
}

function deliveriesIn(directory: string): string[] {
  using database = new DatabaseSync(`${directory}/pulsebox.db`, { readOnly: true });
  return database.prepare("SELECT id FROM outbox").all().map(({ id }) => String(id));
}

for (const since of ["the start", "a moment ago"]) {
  Deno.test(`Store brings nothing back that was removed while its disk was away since ${since}`, () => {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    {
      using full = new FullHost(directory.path, clock);
      fill(full);
    }
    for (const [table, rows] of tablesIn(directory.path)) {
      assert.ok(rows.includes(MARK), `this test removes nothing from the table ${table}`);
    }
    const earlier = new Set(deliveriesIn(directory.path));
    assert.ok(earlier.size > 0);
    const disk = new FaultyDisk();
    if (since === "the start") disk.remove();
    {
      using full = new FullHost(directory.path, clock, { openDatabase: disk.open });
      const { host } = full;
      if (since !== "the start") {
        disk.remove();
        host.beat("somebody", SECOND_MS);
        host.store.flush();
      }
      assert.equal(host.store.health().ok, false);
      remove(full);
      host.store.commitDue();
      assert.equal(host.store.health().ok, false);
      disk.repair();
      full.pass(RETRY_PASSED_MS);
      host.store.commitDue();
      assert.equal(host.store.health().ok, true);
      for (const _ of [1, 2]) {
        host.beat("kept", SECOND_MS);
        full.pass(MINUTE_MS);
      }
      host.beat("kept", SECOND_MS);
      host.store.flush();
      assert.ok(full.deliver("kept").isSupersetOf(earlier));
      assert.ok(full.deliver(`${MARK}target`).isDisjointFrom(earlier));
    }
    for (const [table, rows] of tablesIn(directory.path)) {
      assert.equal(rows.includes(MARK), RECORDS.has(table), `${table}: ${rows}`);
    }
    using again = new FullHost(directory.path, clock);
    const { host } = again;
    const known = [...host.hilbert.values()].map(({ name }) => name);
    for (const name of ["kept", "resting", "resumed"]) assert.ok(known.includes(name), name);
    assert.ok(!known.some((name) => name.startsWith(MARK)), known.join());
    assert.equal(host.hilbert.get(idOf("resting"))?.pause?.reason, "lamp");
    assert.deepEqual(again.tags.given({ protocol: "hilbert", id: idOf("resting") }), ["kiosk"]);
    assert.equal(host.members.pause, undefined);
    assert.equal(host.store.meta.get("kept"), "1");
  });
}

Deno.test("Store brings back no message of an earlier run once no target was left", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using full = new FullHost(directory.path, clock);
    full.host.beat("tetris", SECOND_MS);
    full.pass(5_500);
  }
  const disk = new FaultyDisk();
  disk.remove();
  {
    using full = new FullHost(directory.path, clock, { openDatabase: disk.open });
    full.outbox.direct(undefined);
    full.outbox.direct(directions(["kept"]));
    full.host.store.commitDue();
    disk.repair();
    full.pass(RETRY_PASSED_MS);
    full.host.store.commitDue();
    assert.equal(full.outbox.next("kept"), undefined);
  }
  assert.equal(tablesIn(directory.path).get("outage"), "[]");
});

Deno.test("Store confirms no warning that nobody has seen", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using full = new FullHost(directory.path, clock);
    full.host.store.meta.set(DAMAGE_KEY, "a note");
  }
  const disk = new FaultyDisk();
  disk.remove();
  using full = new FullHost(directory.path, clock, { openDatabase: disk.open });
  full.host.store.damage.confirm();
  disk.repair();
  full.pass(RETRY_PASSED_MS);
  full.host.store.commitDue();
  assert.equal(full.host.store.damage.sentences().length, 1);
});

Deno.test("Members remember a limited number of those that left before the disk was there", () => {
  using directory = temporaryDirectory();
  const disk = new FaultyDisk();
  disk.remove();
  using full = new FullHost(directory.path, new HandClock(), { openDatabase: disk.open });
  const { hilbert, members } = full.host;
  for (let count = 0; count <= OVERRULED_NAMES_MAX; count++) hilbert.leave(`${count}`, full.now);
  assert.equal(members.leftOf("hilbert", "0"), undefined);
  assert.equal(members.leftOf("hilbert", "1"), "maintenance");
  disk.repair();
  full.pass(RETRY_PASSED_MS);
  full.host.store.commitDue();
  assert.equal(members.leftOf("hilbert", "1"), undefined, "nothing is remembered afterwards");
});
