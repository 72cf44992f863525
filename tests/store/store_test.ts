import { strict as assert } from "node:assert";
import type { PulseEvent } from "../../src/core/events.ts";
import { MemberTags } from "../../src/core/member_tags.ts";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { Database, type DatabaseOptions } from "../../src/store/database.ts";
import { PAUSE_REFRESH_MS, ROWS_PER_COMMIT_MAX } from "../../src/store/group_commit.ts";
import { UPTIME_STAMP_MS } from "../../src/store/uptime.ts";
import { StoreError } from "../../src/store/store_error.ts";
import {
  copyAsKilled,
  HandClock,
  heardFrom,
  idOf,
  temporaryDirectory,
  VirtualHost,
} from "./virtual_host.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** Runs a host up to its end, and gives what the caller wants to know of it. */
function inRun<T>(
  directory: string,
  clock: HandClock,
  body: (host: VirtualHost) => T,
  options: ConstructorParameters<typeof VirtualHost>[2] = {},
): T {
  using host = new VirtualHost(directory, clock, options);
  host.store.load();
  return body(host);
}

/** A later run of a host: monotonic time begins anew, the wall clock shows what the caller says. */
function laterClock(wallMs: number): HandClock {
  return new HandClock(wallMs, 50);
}

function eventsOf(host: VirtualHost): PulseEvent["type"][] {
  const subscription = host.events.subscribe();
  const types: PulseEvent["type"][] = [];
  return new Proxy(types, {
    get(target, key) {
      for (let event = subscription.take(); event; event = subscription.take()) {
        target.push(event.type);
      }
      return Reflect.get(target, key);
    },
  });
}

Deno.test("Store brings members, states, promises and their order back", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    for (const name of ["lost", "b", "a"]) host.beat(name, 2_000);
    clock.pass(7_000);
    host.beat("b", 3_000);
    host.beat("a", 2_000);
    clock.pass(3_100);
    host.members.advance(clock.now());
    assert.equal(host.stateOf("lost"), "lost");
  });
  clock.pass(60_000);
  inRun(directory.path, laterClock(clock.wall()), (host) => {
    const members = [...host.hilbert.values()];
    assert.deepEqual(members.map(({ name }) => name), ["lost", "b", "a"]);
    assert.deepEqual(members.map(({ state }) => state), ["lost", "ok", "ok"]);
    assert.deepEqual(members.map(({ promiseMs }) => promiseMs), [2_000, 3_000, 2_000]);
    assert.deepEqual(members.map(({ beats }) => beats), [1, 2, 2]);
  });
});

Deno.test("Store brings every name back, whatever characters it has", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const names = [
    "",
    " ",
    "a\0b",
    "\0",
    "é ﷽ 😀",
    "'; DROP TABLE member",
    "\uFFFD",
    "x".repeat(512),
  ];
  inRun(directory.path, clock, (host) => names.forEach((name) => host.beat(name)));
  inRun(directory.path, clock, (host) => {
    assert.deepEqual([...host.hilbert.values()].map(({ name }) => name), names);
    for (const name of names) {
      const member = { protocol: "hilbert", id: idOf(name) } as const;
      assert.equal(host.store.history.query({ member, limit: 10 }).length, 2);
    }
    for (const name of names) host.hilbert.leave(idOf(name), clock.now());
  });
  inRun(directory.path, clock, (host) => assert.equal(host.hilbert.size, 0));
});

Deno.test("Store forgets who said goodbye", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    host.beat("stays");
    host.beat("leaves");
    host.store.flush();
    host.hilbert.leave(idOf("leaves"), clock.now());
  });
  inRun(directory.path, clock, (host) => {
    assert.equal(host.stateOf("stays"), "ok");
    assert.equal(host.stateOf("leaves"), undefined);
  });
});

Deno.test("Store lists a member that came back at the end, as before the restart", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const order = inRun(directory.path, clock, (host) => {
    host.beat("first", 1_000);
    host.beat("second", 1_000);
    clock.pass(6_500);
    host.members.advance(clock.now());
    assert.equal(host.stateOf("first"), "gone");
    host.store.flush();
    host.beat("second");
    host.beat("first");
    host.store.flush();
    return [...host.hilbert.values()].map(({ name }) => name);
  });
  inRun(directory.path, clock, (host) => {
    assert.deepEqual([...host.hilbert.values()].map(({ name }) => name), order);
  });
});

Deno.test("Store makes nobody late because of an outage", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => host.beat("alive", 5_000));
  clock.pass(24 * HOUR_MS);
  const later = laterClock(clock.wall());
  inRun(directory.path, later, (host) => {
    later.pass(14_900);
    host.members.advance(later.now());
    assert.equal(host.stateOf("alive"), "ok");
    later.pass(200);
    host.members.advance(later.now());
    assert.equal(host.stateOf("alive"), "late");
  });
});

Deno.test("Store writes all changes of a second in one commit", () => {
  using directory = temporaryDirectory();
  using host = new VirtualHost(directory.path);
  host.store.load();
  for (let index = 0; index < ROWS_PER_COMMIT_MAX; index++) host.beat(`app${index}`);
  host.hilbert.pause(heardFrom("app1"), { reason: "", until: Infinity }, host.clock.now());
  host.store.flush();
  // Two events of each member, registered and heard, are as many rows again.
  assert.ok(commitsOf(host) <= 3, `${commitsOf(host)} commits`);
  const before = commitsOf(host);
  host.beat("one more");
  host.beat("and another");
  host.store.flush();
  assert.equal(commitsOf(host) - before, 1);
});

Deno.test("Store commits whatever changes alone, and waits for the medium only where that is promised", () => {
  using directory = temporaryDirectory();
  const databases: Database[] = [];
  const openDatabase = (options: DatabaseOptions) => {
    const database = Database.open(options);
    databases.push(database);
    return database;
  };
  const tags = new MemberTags();
  using host = new VirtualHost(directory.path, new HandClock(), { openDatabase, tags });
  const { store, hilbert, clock, events } = host;
  store.load();
  host.beat("tetris");
  store.flush();
  const ref = { protocol: "hilbert", id: idOf("tetris") } as const;
  const member = hilbert.get(ref.id);
  assert.ok(member);
  const alarm = { type: "alarm-raised", alarm: "APNEA", priority: "PRIORITY_HIGH" } as const;
  const changes: readonly [survives: "kill" | "power-cut", name: string, change: () => void][] = [
    ["kill", "a member", () => hilbert.choose(member, { unit: "ms", value: 9_000 })],
    ["power-cut", "the history", () => events.publish({ ...alarm, at: clock.now() })],
    ["kill", "a small value", () => store.meta.set("a", "b")],
    ["kill", "tags", () => void tags.give(ref, ["kiosk"])],
    ["kill", "uptime", () => clock.pass(UPTIME_STAMP_MS)],
  ];
  for (const [survives, name, change] of changes) {
    const before = commitsOf(host);
    change();
    store.commitDue();
    assert.equal(commitsOf(host) - before, 1, name);
    const level = databases[0]?.prepare("PRAGMA synchronous").get()?.["synchronous"];
    assert.equal(level, survives === "kill" ? 1 : 2, name);
    store.commitDue();
    assert.equal(commitsOf(host) - before, 1, `${name}, once`);
  }
});

function commitsOf(host: VirtualHost): number {
  return host.store.metrics()["pulsebox_store_commits_total"] ?? 0;
}

Deno.test("Store loses no change that its last commit has written, however many came before", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  const names = ["a", "b", "c", "d"];
  for (const [index, name] of names.entries()) {
    host.beat(name);
    host.store.commitDue();
    using killed = temporaryDirectory();
    copyAsKilled(directory.path, killed.path);
    inRun(killed.path, laterClock(clock.wall()), ({ hilbert }) => {
      assert.deepEqual([...hilbert.values()].map(({ name }) => name), names.slice(0, index + 1));
    });
  }
});

Deno.test("Store writes no more than the time that went by while members only beat", () => {
  using directory = temporaryDirectory();
  using host = new VirtualHost(directory.path);
  host.store.load();
  for (let index = 0; index < 50; index++) host.beat(`app${index}`);
  host.store.flush();
  const before = commitsOf(host);
  const bytesBefore = bytesOf(directory.path);
  const HOURS = 3;
  for (let second = 0; second < HOURS * 3_600; second++) {
    host.clock.pass(1_000);
    for (let index = 0; index < 50; index++) host.beat(`app${index}`);
    host.members.advance(host.clock.now());
    host.store.flush();
  }
  const stamps = HOURS * HOUR_MS / UPTIME_STAMP_MS;
  assert.equal(commitsOf(host) - before, stamps);
  const stampBytes = (bytesOf(directory.path) - bytesBefore) / stamps;
  assert.ok(stampBytes <= 20_000, `${stampBytes} bytes each`);
});

Deno.test("Store writes nothing while nobody is watched", () => {
  using directory = temporaryDirectory();
  using host = new VirtualHost(directory.path);
  host.store.load();
  host.beat("leaves");
  host.store.flush();
  host.hilbert.leave(idOf("leaves"), host.clock.now());
  host.store.flush();
  const before = filesOf(directory.path);
  for (let minute = 0; minute < 24 * 60; minute++) {
    host.clock.pass(60_000);
    host.members.advance(host.clock.now());
    host.store.flush();
  }
  assert.deepEqual(filesOf(directory.path), before);
});

function bytesOf(directory: string): number {
  return [...Deno.readDirSync(directory)].reduce(
    (sum, { name }) => sum + Deno.statSync(`${directory}/${name}`).size,
    0,
  );
}

function filesOf(directory: string): unknown[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => {
    const { size, mtime } = Deno.statSync(`${directory}/${name}`);
    return { name, size, mtime: mtime?.getTime() };
  }).sort((one, other) => one.name.localeCompare(other.name));
}

Deno.test("Store writes nothing when members come back as they were", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => host.beat("alive"));
  inRun(directory.path, clock, (host) => {
    const before = filesOf(directory.path);
    host.store.flush();
    assert.deepEqual(filesOf(directory.path), before);
  });
});

Deno.test("Store keeps the maintenance of a member and of the host", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    const now = clock.now();
    host.beat("one");
    host.hilbert.pause(heardFrom("one"), { reason: "lamp", until: Infinity }, now);
    host.hilbert.pause(heardFrom("never seen"), { reason: "", until: now + HOUR_MS }, now);
    host.members.pauseAll({ reason: "cleaning", until: now + 2 * HOUR_MS }, now);
  });
  clock.pass(HOUR_MS / 2);
  const later = laterClock(clock.wall());
  inRun(directory.path, later, (host) => {
    assert.deepEqual(host.hilbert.get(idOf("one"))?.pause, { reason: "lamp", until: Infinity });
    assert.deepEqual(host.hilbert.get(idOf("never seen"))?.pause, {
      reason: "",
      until: 50 + HOUR_MS / 2,
    });
    assert.deepEqual(host.members.pause, { reason: "cleaning", until: 50 + 1.5 * HOUR_MS });
    host.members.resumeAll("operator", later.now());
  });
  inRun(directory.path, later, (host) => assert.equal(host.members.pause, undefined));
});

for (
  const [name, jumpMs, restMs] of [
    ["by years forward", 56 * YEAR_MS, 2 * HOUR_MS],
    ["by years back", -56 * YEAR_MS, 2 * HOUR_MS],
    ["a little back", -HOUR_MS, 2 * HOUR_MS],
    ["not at all", 0, 1.75 * HOUR_MS],
    ["not at all, after the end", 3 * HOUR_MS, 0],
  ] as const
) {
  Deno.test(`Store keeps what is left of a pause if the clock jumps ${name}`, () => {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    inRun(directory.path, clock, (host) => {
      const until = clock.now() + 2 * HOUR_MS;
      host.beat("one");
      host.hilbert.pause(heardFrom("one"), { reason: "", until }, clock.now());
      host.members.pauseAll({ reason: "", until }, clock.now());
    });
    clock.pass(HOUR_MS / 4);
    const later = laterClock(clock.wall() + jumpMs);
    inRun(directory.path, later, (host) => {
      assert.equal(host.hilbert.get(idOf("one"))?.pause?.until, later.now() + restMs);
      assert.equal(host.members.pause?.until, later.now() + restMs);
    });
  });
}

Deno.test("Store notices that the clock was set, and makes the stamps of pauses true", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock(0);
  inRun(directory.path, clock, (host) => {
    const until = clock.now() + 2 * HOUR_MS;
    host.beat("one");
    host.hilbert.pause(heardFrom("one"), { reason: "", until }, clock.now());
    host.members.pauseAll({ reason: "", until }, clock.now());
    host.store.flush();
    clock.pass(60_000);
    clock.wallMs += 10 * 24 * HOUR_MS;
    host.store.flush();
  });
  const later = laterClock(clock.wall());
  inRun(directory.path, later, (host) => {
    const until = later.now() + 2 * HOUR_MS - 60_000;
    assert.equal(host.hilbert.get(idOf("one"))?.pause?.until, until);
    assert.equal(host.members.pause?.until, until);
  });
});

for (const [name, stepMs] of [["forward", 28 * 24 * HOUR_MS], ["back", -YEAR_MS]] as const) {
  Deno.test(`Store knows how long a member is lost though the clock was set ${name} meanwhile`, () => {
    using directory = temporaryDirectory();
    using killed = temporaryDirectory();
    const clock = new HandClock();
    inRun(directory.path, clock, (host) => {
      host.beat("lost", 2_000);
      clock.pass(11_000);
      host.members.advance(clock.now());
      assert.equal(host.stateOf("lost"), "lost");
      host.store.flush();
      clock.pass(20_000);
      clock.wallMs += stepMs;
      host.store.commitDue();
      clock.pass(3_000);
      copyAsKilled(directory.path, killed.path);
    });
    const later = laterClock(clock.wall() + 1_000);
    inRun(killed.path, later, (host) => {
      const { since = 0, state } = host.hilbert.get(idOf("lost")) ?? {};
      assert.deepEqual([state, later.now() - since], ["lost", 24_000]);
    });
  });
}

Deno.test("Store knows how long it was away though the clock was set just then", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  let sinceBootMs = 500_000;
  const bootTime = () => ({ bootId: "one", sinceBootMs });
  const options = { bootTime };
  inRun(directory.path, clock, (host) => {
    host.beat("lost", 2_000);
    clock.pass(11_000);
    sinceBootMs += 11_000;
    host.members.advance(clock.now());
    host.hilbert.pause(
      heardFrom("lost"),
      { reason: "", until: clock.now() + HOUR_MS },
      clock.now(),
    );
  }, options);
  const sinceOf = (wallMs: number) => {
    const later = laterClock(wallMs);
    return inRun(directory.path, later, (host) => {
      const { since = 0, pause } = host.hilbert.get(idOf("lost")) ?? {};
      return [later.now() - since, (pause?.until ?? 0) - later.now()];
    }, options);
  };
  sinceBootMs += 2_000;
  assert.deepEqual(sinceOf(clock.wall() + 20 * 24 * HOUR_MS), [2_000, HOUR_MS - 2_000]);
  // The first start of a later boot has nothing but the wall clock.
  const another = { bootTime: () => ({ bootId: "two", sinceBootMs: 1 }) };
  const later = laterClock(clock.wall() + 20 * 24 * HOUR_MS + 60_000);
  inRun(directory.path, later, (host) => {
    assert.equal(later.now() - (host.hilbert.get(idOf("lost"))?.since ?? 0), 62_000);
  }, another);
});

Deno.test("Store ends a pause in time on a host whose clock restarts with each run", () => {
  using directory = temporaryDirectory();
  inRun(directory.path, new HandClock(0), (host) => {
    host.beat("one");
    const until = host.clock.now() + 2 * HOUR_MS;
    host.hilbert.pause(heardFrom("one"), { reason: "", until }, host.clock.now());
  });
  let runs = 0;
  for (let paused = true; paused; runs++) {
    assert.ok(runs < 20, "the pause has an end");
    const clock = new HandClock(0);
    paused = inRun(directory.path, clock, (host) => {
      host.store.flush();
      for (let passed = 0; passed < 2 * PAUSE_REFRESH_MS; passed += 1_000) {
        clock.pass(1_000);
        host.members.advance(clock.now());
        host.store.flush();
      }
      return host.hilbert.get(idOf("one"))?.pause !== undefined;
    });
  }
  // Each run lasts 20 minutes, and the clock is read every ten at least.
  assert.ok(runs >= 6 && runs <= 13, `${runs} runs`);
});

Deno.test("Store leaves the members of a protocol that is not served for a later run", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const rules = {
    protocol: "tix",
    limits: { missed: 1, late: 2, lost: 3, gone: 4 },
    membersMax: 10,
    membersPerAddressMax: 10,
    rememberGoneMs: HOUR_MS,
  } as const;
  inRun(directory.path, clock, (host) => {
    const roster = host.members.open(rules);
    roster.hear(heardFrom("phone"), clock.now());
  });
  inRun(directory.path, clock, (host) => host.beat("program"));
  {
    using host = new VirtualHost(directory.path, clock);
    const roster = host.members.open(rules);
    const result = host.store.load();
    assert.equal(result.restored, 2);
    assert.equal(roster.size, 1);
  }
});

Deno.test("Store lets go of members for whom there is no room any more", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    for (const name of ["a", "b", "c"]) host.beat(name);
  });
  inRun(directory.path, clock, (host) => {
    assert.equal(host.hilbert.size, 2);
    assert.ok(host.lines.some(({ level }) => level === "warn"));
  }, { membersMax: 2 });
  inRun(directory.path, clock, (host) => assert.equal(host.hilbert.size, 2));
});

Deno.test("Store keeps what a run heard before it knew the earlier one", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    host.beat("both", 1_000);
    host.hilbert.pause(heardFrom("both"), { reason: "lamp", until: Infinity }, clock.now());
  });
  {
    using host = new VirtualHost(directory.path, clock);
    host.beat("both", 9_000);
    host.beat("new", 9_000);
    host.store.load();
    assert.equal(host.hilbert.get(idOf("both"))?.promiseMs, 9_000);
    assert.equal(host.hilbert.get(idOf("both"))?.pause?.reason, "lamp");
  }
  inRun(directory.path, clock, (host) => {
    assert.equal(host.hilbert.get(idOf("both"))?.promiseMs, 9_000);
    assert.equal(host.hilbert.get(idOf("both"))?.pause?.reason, "lamp");
    assert.equal(host.stateOf("new"), "ok");
  });
});

Deno.test("Store keeps small values, and says whether there were any", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    assert.equal(host.store.meta.restored, false);
    host.store.meta.set("next-id", "17");
    host.store.meta.set("other", "x");
    host.store.flush();
    host.store.meta.set("other", undefined);
  });
  inRun(directory.path, clock, (host) => {
    assert.equal(host.store.meta.restored, true);
    assert.equal(host.store.meta.get("next-id"), "17");
    assert.equal(host.store.meta.get("other"), undefined);
    assert.throws(() => host.store.meta.set("long", "x".repeat(5_000)), RangeError);
  });
});

Deno.test("Store loses nothing that a flush has written, however sudden the end", () => {
  using first = temporaryDirectory();
  using second = temporaryDirectory();
  const clock = new HandClock();
  using host = new VirtualHost(first.path, clock);
  host.store.load();
  host.beat("alive");
  host.store.flush();
  copyAsKilled(first.path, second.path);
  inRun(second.path, clock, (again) => assert.equal(again.stateOf("alive"), "ok"));
});

Deno.test("Store starts over from a damaged database, and tells everybody who listens", () => {
  using directory = temporaryDirectory();
  Deno.writeTextFileSync(`${directory.path}/${DATABASE_FILE}`, "damaged ".repeat(1_000));
  using host = new VirtualHost(directory.path);
  const types = eventsOf(host);
  host.store.load();
  assert.deepEqual([...types], ["store-failed", "store-recovered"]);
  assert.deepEqual(host.lines.filter(({ level }) => level === "error").length, 1);
  assert.equal(host.store.health().ok, true);
  const entry = host.store.history.query({ limit: 10 }).find(({ type }) => type === "store-failed");
  assert.match(String(entry?.detail["message"]), /set aside as .*damaged-1/);
  host.beat("alive");
  host.store.flush();
  assert.equal(host.store.health().ok, true);
});

Deno.test("Store starts over from a table that is not its own", () => {
  using directory = temporaryDirectory();
  {
    using database = Database.open({ directory: directory.path });
    database.transaction("kill", () => {
      database.prepare("ALTER TABLE member RENAME COLUMN state TO status").run();
    });
  }
  using host = new VirtualHost(directory.path);
  host.store.load();
  assert.equal(host.store.health().ok, true);
  assert.ok(Deno.statSync(`${directory.path}/${DATABASE_FILE}.damaged-1`).isFile);
});

Deno.test("Store skips rows that make no sense", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  inRun(directory.path, clock, (host) => {
    for (const name of ["good", "bad"]) host.beat(name);
  });
  {
    using database = Database.open({ directory: directory.path });
    database.transaction("kill", () => {
      database.prepare("UPDATE member SET promise_ms = -1 WHERE name = 'bad'").run();
      database.prepare("INSERT INTO meta VALUES ('host-pause', 'no JSON')").run();
    });
  }
  using host = new VirtualHost(directory.path, clock);
  assert.deepEqual(host.store.load(), { restored: 1, refused: 0, senseless: 1, dormant: 0 });
  assert.equal(host.members.pause, undefined);
});

Deno.test("Store refuses a directory that another one uses", () => {
  using directory = temporaryDirectory();
  using _first = new VirtualHost(directory.path);
  assert.throws(() => new VirtualHost(directory.path), (error) => {
    return error instanceof StoreError && error.kind === "in-use";
  });
});

Deno.test("Store without a directory keeps the history and nothing else", () => {
  using host = new VirtualHost(undefined);
  host.store.load();
  host.beat("alive");
  host.store.flush();
  assert.deepEqual(host.store.history.query({ limit: 10 }).map(({ type }) => type), [
    "member-state",
    "member-registered",
  ]);
  assert.match(host.store.health().message, /in memory only/);
});

Deno.test("Store commits by itself within a second", async () => {
  using directory = temporaryDirectory();
  using copy = temporaryDirectory();
  const clock = new HandClock();
  const started = performance.now();
  const ticking = {
    now: () => performance.now() - started + 1_000,
    wall: () => Date.now(),
  };
  {
    using host = new VirtualHost(directory.path, clock, {
      clock: ticking,
      now: () => ticking.now(),
    });
    host.store.load();
    host.store.start();
    host.store.start();
    host.beat("alive");
    while (commitsOf(host) === 0) {
      assert.ok(performance.now() - started < 5_000, "the commit comes");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    copyAsKilled(directory.path, copy.path);
  }
  inRun(copy.path, clock, (host) => assert.equal(host.stateOf("alive"), "ok"));
});

Deno.test("Store closes more than once, before and after a load", () => {
  using directory = temporaryDirectory();
  const host = new VirtualHost(directory.path);
  host.store.close();
  host.store.close();
  host.store.start();
});

Deno.test("a restart remembers why a member failed", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    host.hilbert.fail(heardFrom("tetris"), "exit status 7", clock.now());
    host.store.flush();
  }
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  assert.equal(host.hilbert.get(idOf("tetris"))?.failure, "exit status 7");
  assert.equal(host.stateOf("tetris"), "lost");
});

Deno.test("a restart remembers when a member wants to count as lost", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const wishes = { a: { unit: "promises", value: 1.5 }, b: { unit: "ms", value: 20_000 } } as const;
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    for (const [name, lostAfter] of Object.entries(wishes)) {
      const member = host.hilbert.hear({ ...heardFrom(name), kind: "beat" }, clock.now());
      assert.ok(typeof member !== "string");
      host.store.flush();
      host.hilbert.choose(member, lostAfter);
    }
    host.store.flush();
  }
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  for (const [name, lostAfter] of Object.entries(wishes)) {
    assert.deepEqual(host.hilbert.get(idOf(name))?.lostAfter, lostAfter);
  }
});
