import { strict as assert } from "node:assert";
import { HISTORY_LIMIT_MAX } from "../../src/store/history.ts";
import type { HistoryEntry } from "../../src/store/history_entry.ts";
import { HandClock, heardFrom, idOf, temporaryDirectory, VirtualHost } from "./virtual_host.ts";

function memberOf(name: string) {
  return { protocol: "hilbert", id: idOf(name) } as const;
}

function typesOf(entries: readonly HistoryEntry[]): string[] {
  return entries.map(({ type }) => type);
}

Deno.test("History tells what happened, newest first, written or not", () => {
  using host = new VirtualHost(undefined);
  host.store.load();
  const { clock, hilbert, members, store } = host;
  const startedMs = clock.wall();
  host.beat("one", 1_000);
  store.flush();
  clock.pass(3_000);
  members.advance(clock.now());
  hilbert.pause(heardFrom("one"), { reason: "lamp", until: clock.now() + 500 }, clock.now());
  store.flush();
  clock.pass(500);
  members.advance(clock.now());
  host.events.publish({ type: "absence", at: clock.now(), absentMs: 1_234.6 });
  hilbert.leave(idOf("one"), clock.now());

  const entries = store.history.query({ limit: 100 });
  assert.deepEqual(typesOf(entries), [
    "member-forgotten",
    "absence",
    "member-resumed",
    "member-paused",
    "member-state",
    "member-state",
    "member-registered",
  ]);
  assert.deepEqual(entries[0], {
    at: startedMs + 3_500,
    type: "member-forgotten",
    member: memberOf("one"),
    detail: { cause: "done" },
  });
  assert.deepEqual(entries[1]?.detail, { absentMs: 1_235 });
  assert.equal(entries[1]?.member, undefined);
  assert.deepEqual(entries[3]?.detail, { reason: "lamp", forMs: 500 });
  assert.deepEqual(entries[4], {
    at: startedMs + 3_000,
    type: "member-state",
    member: memberOf("one"),
    detail: { from: "ok", to: "late", cause: "silence", silentMs: 3_000, paused: false },
  });
  store.flush();
  assert.deepEqual(store.history.query({ limit: 100 }), entries);
});

Deno.test("History finds what happened to one member, or since a time", () => {
  using host = new VirtualHost(undefined);
  host.store.load();
  const { clock, store } = host;
  for (const name of ["a", "b"]) host.beat(name);
  store.flush();
  clock.pass(60_000);
  const since = clock.wall();
  for (const name of ["a", "c"]) host.hilbert.leave(idOf(name), clock.now());
  for (const name of ["c", "d"]) host.beat(name);
  for (const written of ["no", "yes"]) {
    if (written === "yes") store.flush();
    const { history } = store;
    assert.deepEqual(typesOf(history.query({ member: memberOf("a"), limit: 10 })), [
      "member-forgotten",
      "member-state",
      "member-registered",
    ]);
    assert.equal(history.query({ since, limit: 10 }).length, 5);
    assert.equal(history.query({ since: since - 60_000.5, limit: 10 }).length, 9);
    assert.equal(history.query({ member: memberOf("b"), since, limit: 10 }).length, 0);
    assert.equal(history.query({ limit: 2 }).length, 2);
  }
});

Deno.test("History refuses limits out of range", () => {
  using host = new VirtualHost(undefined);
  for (const limit of [0, -1, 1.5, NaN, HISTORY_LIMIT_MAX + 1]) {
    assert.throws(() => host.store.history.query({ limit }), RangeError);
  }
});

Deno.test("History keeps a bounded number of rows, in all and of each member", () => {
  using host = new VirtualHost(undefined, new HandClock(), { rowsMax: 50, rowsPerMemberMax: 10 });
  host.store.load();
  for (const name of ["quiet", "restless"]) host.beat(name);
  for (let round = 0; round < 100; round++) {
    host.hilbert.leave(idOf("restless"), host.clock.now());
    host.beat("restless");
    if (round % 7 === 0) host.store.flush();
  }
  host.store.flush();
  const { history } = host.store;
  assert.equal(history.query({ member: memberOf("restless"), limit: 100 }).length, 10);
  for (let index = 0; index < 200; index++) {
    host.beat(`app${index}`);
    if (index % 13 === 0) host.store.flush();
  }
  host.store.flush();
  assert.equal(history.query({ limit: 100 }).length, 50);
  assert.equal(history.query({ limit: 1 })[0]?.member?.id, idOf("app199"));
});

Deno.test("History keeps the newest and counts the others when far too much happens at once", () => {
  using host = new VirtualHost(undefined, new HandClock(), { rowsMax: 50 });
  host.store.load();
  for (let index = 0; index < 200; index++) host.beat(`app${index}`);
  const { history } = host.store;
  assert.equal(history.query({ limit: 1 })[0]?.member?.id, idOf("app199"));
  assert.equal(history.dropped, 350);
  for (let index = 0; index < 20; index++) host.beat(`more${index}`);
  assert.equal(history.query({ limit: 1_000 }).length, 50);
  assert.equal(history.dropped, 390);
});

Deno.test("History lets go of the oldest as soon as there is one too many", () => {
  using host = new VirtualHost(undefined, new HandClock(), { rowsMax: 50 });
  host.store.load();
  const { history } = host.store;
  for (let index = 0; index < 50; index++) {
    host.events.publish({ type: "absence", at: host.clock.now(), absentMs: index });
  }
  assert.equal(history.query({ limit: 100 }).length, 50);
  assert.equal(history.dropped, 0);
  host.events.publish({ type: "absence", at: host.clock.now(), absentMs: 50 });
  assert.equal(history.query({ limit: 100 }).at(-1)?.detail["absentMs"], 1);
  assert.equal(history.dropped, 1);
});

Deno.test("History comes back after a restart, and bringing members back is not part of it", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    host.beat("one");
  }
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  assert.deepEqual(typesOf(host.store.history.query({ limit: 10 })), [
    "member-state",
    "member-registered",
  ]);
});
