import { strict as assert } from "node:assert";
import type { PulseEvent } from "../../src/core/events.ts";
import { FaultyDisk } from "./faulty_disk.ts";
import { HandClock, heardFrom, idOf, temporaryDirectory, VirtualHost } from "./virtual_host.ts";

/** Retries come after a minute at the most, give or take a quarter. */
const RETRY_PASSED_MS = 80_000;

function listen(host: VirtualHost): () => PulseEvent[] {
  const subscription = host.events.subscribe();
  const heard: PulseEvent[] = [];
  return () => {
    for (let event = subscription.take(); event; event = subscription.take()) heard.push(event);
    return heard.filter(({ type }) => type.startsWith("store-"));
  };
}

for (const fault of ["fill", "protect", "remove"] as const) {
  Deno.test(`Store goes on in memory after ${fault}, tells once, and writes all when it can`, () => {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    const disk = new FaultyDisk();
    {
      using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
      host.store.load();
      const told = listen(host);
      host.beat("early");
      host.beat("leaves");
      host.store.flush();
      host.store.meta.set("early", "1");
      host.store.flush();

      disk[fault]();
      for (let index = 0; index < 500; index++) host.beat(`app${index}`);
      host.hilbert.pause(heardFrom("app7"), { reason: "lamp", until: Infinity }, clock.now());
      host.hilbert.leave(idOf("leaves"), clock.now());
      host.store.meta.set("during", "2");
      host.store.flush();
      assert.deepEqual(told().map(({ type }) => type), ["store-failed"]);
      assert.equal(host.store.health().ok, false);
      assert.match(host.store.health().message, /members are kept in memory/);

      for (let round = 0; round < 10; round++) {
        clock.pass(RETRY_PASSED_MS);
        host.members.pauseAll({ reason: `round ${round}`, until: Infinity }, clock.now());
        host.beat("early");
        host.store.commitDue();
      }
      assert.equal(disk.opens, 11);
      assert.deepEqual(told().map(({ type }) => type), ["store-failed"]);
      assert.equal(host.lines.filter(({ level }) => level === "error").length, 1);
      assert.ok(host.store.history.query({ limit: 1_000 }).length > 500);

      disk.repair();
      clock.pass(RETRY_PASSED_MS);
      host.store.commitDue();
      assert.deepEqual(told().map(({ type }) => type), ["store-failed", "store-recovered"]);
      assert.equal(host.store.health().ok, true);
      host.beat("late comer");
    }
    using again = new VirtualHost(directory.path, clock);
    again.store.load();
    assert.equal(again.hilbert.size, 502);
    assert.equal(again.stateOf("leaves"), undefined);
    assert.equal(again.hilbert.get(idOf("app7"))?.pause?.reason, "lamp");
    assert.equal(again.members.pause?.reason, "round 9");
    assert.equal(again.store.meta.get("early"), "1");
    assert.equal(again.store.meta.get("during"), "2");
    assert.ok(again.store.history.query({ limit: 1_000 }).length > 500);
  });
}

Deno.test("Store starts a new database when it finds the old one damaged while at work", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const disk = new FaultyDisk();
  {
    using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
    host.store.load();
    const told = listen(host);
    host.beat("alive");
    host.store.flush();
    disk.damage();
    host.beat("new");
    host.store.flush();
    assert.deepEqual(told().map(({ type }) => type), ["store-failed"]);
    clock.pass(RETRY_PASSED_MS);
    host.store.commitDue();
    assert.deepEqual(told().map(({ type }) => type), ["store-failed", "store-recovered"]);
    assert.ok(Deno.statSync(`${directory.path}/pulsebox.db.damaged-1`).isFile);
  }
  using again = new VirtualHost(directory.path, clock);
  again.store.load();
  assert.equal(again.hilbert.size, 2);
});

Deno.test("Store brings members back later if their disk was not there at the start", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    for (const name of ["stays", "both"]) host.beat(name, 1_000);
    host.store.meta.set("next-id", "17");
  }
  const disk = new FaultyDisk();
  disk.remove();
  {
    using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
    const told = listen(host);
    host.store.load();
    assert.deepEqual(told().map(({ type }) => type), ["store-failed"]);
    host.beat("both", 9_000);
    host.beat("new", 9_000);
    disk.repair();
    clock.pass(RETRY_PASSED_MS);
    host.store.commitDue();
    assert.deepEqual(told().map(({ type }) => type), ["store-failed", "store-recovered"]);
    assert.equal(host.stateOf("stays"), "ok");
    assert.equal(host.hilbert.get(idOf("both"))?.promiseMs, 9_000);
  }
  using again = new VirtualHost(directory.path, clock);
  again.store.load();
  assert.equal(again.hilbert.size, 3);
  assert.equal(again.store.meta.get("next-id"), "17");
});

Deno.test("Store brings back no maintenance that an operator has ended in this run", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const pause = { reason: "lamp", until: Infinity };
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    for (const name of ["ended", "stays"]) {
      host.beat(name);
      host.hilbert.pause(heardFrom(name), pause, clock.now());
    }
    host.members.pauseAll(pause, clock.now());
  }
  const disk = new FaultyDisk();
  disk.remove();
  using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
  host.store.load();
  for (const name of ["ended", "stays"]) host.beat(name);
  // Nothing is known of the maintenance yet; whoever ends it all the same has the last word.
  const { members, hilbert } = host;
  members.resumeAll("operator", clock.now());
  const ended = hilbert.get(idOf("ended"));
  assert.ok(ended);
  hilbert.resume(ended, "operator", clock.now());
  disk.repair();
  clock.pass(RETRY_PASSED_MS);
  host.store.commitDue();
  assert.equal(members.pause, undefined);
  assert.equal(ended.pause, undefined);
  assert.deepEqual(hilbert.get(idOf("stays"))?.pause, pause);
});

Deno.test("Store writes what it has at the close if the disk works again by then", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const disk = new FaultyDisk();
  {
    using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
    host.store.load();
    disk.remove();
    host.beat("alive");
    host.store.flush();
    assert.equal(host.store.health().ok, false);
    disk.repair();
  }
  using again = new VirtualHost(directory.path, clock);
  again.store.load();
  assert.equal(again.stateOf("alive"), "ok");
});

Deno.test("Store closes although the disk still fails", () => {
  using directory = temporaryDirectory();
  const disk = new FaultyDisk();
  const host = new VirtualHost(directory.path, new HandClock(), { openDatabase: disk.open });
  host.store.load();
  disk.remove();
  host.beat("alive");
  host.store.flush();
  host.store.close();
});

Deno.test("Store waits longer and longer between its attempts, up to a minute or so", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const disk = new FaultyDisk();
  using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
  host.store.load();
  disk.remove();
  host.beat("alive");
  host.store.flush();
  const opens = disk.opens;
  for (let second = 0; second < 3_600; second++) {
    clock.pass(1_000);
    host.store.commitDue();
  }
  const attempts = disk.opens - opens;
  assert.ok(attempts > 40 && attempts < 85, `${attempts} attempts in an hour`);
});
