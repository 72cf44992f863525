import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import type { Notice, NoticeKind } from "../../src/core/notices.ts";
import { AGES_WRITTEN_MS, Outbox, type OutboxOptions } from "../../src/store/outbox.ts";
import type { Delivery } from "../../src/store/outbox_table.ts";
import { DELIVERIES_PER_TARGET_MAX } from "../../src/store/ready_deliveries.ts";
import type { StoreOptions } from "../../src/store/store_options.ts";
import { FaultyDisk } from "./faulty_disk.ts";
import {
  copyAsKilled,
  HandClock,
  heardFrom,
  temporaryDirectory,
  VirtualHost,
} from "./virtual_host.ts";

let ids = 0;

/** A host that notifies. Its members promise to be heard each second. */
class Station implements Disposable {
  readonly host: VirtualHost;
  readonly outbox: Outbox;
  ready = 0;

  constructor(
    directory: string | undefined,
    clock = new HandClock(),
    options: Partial<OutboxOptions> & { store?: Partial<StoreOptions>; members?: Members } = {},
  ) {
    const made: Outbox[] = [];
    this.host = new VirtualHost(directory, clock, {
      ...options.store,
      makeOutbox: (context) => {
        const outbox = new Outbox({
          targets: ["a", "b"],
          kinds: new Set<NoticeKind>(["lost", "recovered", "ended", "reminder"]),
          reminderMs: 600_000,
          isFlapping: () => false,
          newId: () => `id${++ids}`,
          compose: (id, kind, notices) => JSON.stringify({ id, kind, notices }),
          onReady: () => void this.ready++,
          ...options,
        }, { ...context, members: options.members ?? context.members });
        made.push(outbox);
        return outbox;
      },
    });
    const [outbox] = made;
    assert.ok(outbox);
    this.outbox = outbox;
    this.host.store.load();
  }

  pass(ms: number): void {
    this.host.clock.pass(ms);
    this.host.members.advance(this.host.clock.now());
  }

  /** Loses a member. */
  lose(name: string): void {
    this.host.beat(name, 1_000);
    this.pass(5_500);
  }

  /** Takes everything that can be delivered to a target. */
  deliver(target = "a"): { kind: NoticeKind; notices: Notice[]; delivery: Delivery }[] {
    const delivered = [];
    for (let next = this.outbox.next(target); next; next = this.outbox.next(target)) {
      const { kind, notices } = JSON.parse(next.body);
      delivered.push({ kind, notices, delivery: next });
      this.outbox.finish(next, "arrived");
    }
    return delivered;
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]();
  }
}

Deno.test("Outbox lets nothing out before it is on disk", () => {
  using directory = temporaryDirectory();
  using station = new Station(directory.path);
  station.lose("tetris");
  station.outbox.collect();
  assert.equal(station.outbox.next("a"), undefined);
  station.host.store.commitDue();
  assert.equal(station.outbox.next("a")?.kind, "lost");
  assert.equal(station.outbox.next("b")?.id, station.outbox.next("a")?.id);
  assert.ok(station.ready > 0);
});

Deno.test("Outbox asks for a commit for each thing that changes on disk, and for nothing else", () => {
  using directory = temporaryDirectory();
  using station = new Station(directory.path, new HandClock(), {
    targets: ["a"],
    kinds: new Set<NoticeKind>(["recovered"]),
  });
  const { outbox, host } = station;
  const commit = () => {
    assert.ok(outbox.waiting);
    host.store.commitDue();
    assert.ok(!outbox.waiting);
  };
  assert.ok(!outbox.waiting);
  station.lose("tetris");
  outbox.collect();
  assert.equal(outbox.size, 0, "an outage that nobody is told of");
  commit();
  outbox.post("x", [{ kind: "recovered", id: "1", at: 0 }]);
  outbox.collect();
  assert.equal(outbox.size, 1, "a message without an outage of its own");
  commit();
  station.deliver();
  commit();
  outbox.direct(undefined);
  commit();
});

Deno.test("Outbox makes one message of many that are lost at once", () => {
  using station = new Station(undefined);
  for (let count = 0; count < 150; count++) station.host.beat(`program${count}`, 1_000);
  station.pass(5_500);
  station.host.store.commitDue();
  const delivered = station.deliver();
  assert.deepEqual(delivered.map(({ kind, notices }) => [kind, notices.length]), [
    ["lost", 100],
    ["lost", 50],
  ]);
});

Deno.test("a killed host delivers what it had not, under the same identity, and nothing twice", () => {
  using first = temporaryDirectory();
  using second = temporaryDirectory();
  const clock = new HandClock();
  let id: string | undefined;
  {
    using station = new Station(first.path, clock);
    station.lose("tetris");
    station.host.store.commitDue();
    id = station.outbox.next("a")?.id;
    assert.ok(id);
    // One target got it; that is known on disk before the kill.
    const delivery = station.outbox.next("b");
    assert.ok(delivery);
    station.outbox.finish(delivery, "arrived");
    station.host.store.commitDue();
    copyAsKilled(first.path, second.path);
  }
  using station = new Station(second.path, clock);
  assert.equal(station.outbox.next("a")?.id, id);
  assert.equal(station.outbox.next("b"), undefined);
  station.pass(20_000);
  station.host.store.commitDue();
  assert.deepEqual(station.deliver().map(({ kind }) => kind), ["lost"], "known, so not told again");
  station.host.beat("tetris", 1_000);
  station.host.store.commitDue();
  const [recovered] = station.deliver();
  assert.equal(recovered?.kind, "recovered");
  assert.ok((recovered?.notices[0]?.downMs ?? 0) >= 25_500, "since it was last heard");
});

Deno.test("the end of an outage tells its measured length, though the clock was set and a kill came", () => {
  using first = temporaryDirectory();
  using second = temporaryDirectory();
  const clock = new HandClock();
  {
    using station = new Station(first.path, clock);
    station.lose("tetris");
    station.host.store.commitDue();
    station.pass(20_000);
    clock.wallMs += 28 * 86_400_000;
    station.host.store.commitDue();
    copyAsKilled(first.path, second.path);
  }
  using station = new Station(second.path, new HandClock(clock.wall() + 500, 50));
  station.pass(8_000);
  station.host.store.commitDue();
  station.deliver();
  station.host.beat("tetris", 1_000);
  station.host.store.commitDue();
  const [recovered] = station.deliver();
  assert.equal(recovered?.kind, "recovered");
  assert.equal(recovered.notices[0]?.downMs, 34_000);
});

Deno.test("a loss that flapping held back is told after a restart", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using station = new Station(directory.path, clock, { isFlapping: () => true });
    station.lose("tetris");
    station.host.store.flush();
    assert.equal(station.outbox.next("a"), undefined);
  }
  using station = new Station(directory.path, clock);
  station.pass(61_000);
  station.host.store.commitDue();
  assert.equal(station.outbox.next("a")?.kind, "lost");
});

Deno.test("deliveries to a target that is no longer wanted are forgotten", () => {
  using directory = temporaryDirectory();
  {
    using station = new Station(directory.path);
    station.lose("tetris");
    station.host.store.flush();
  }
  {
    using station = new Station(directory.path, new HandClock(), { targets: ["b"] });
    assert.equal(station.outbox.next("a"), undefined);
    assert.equal(station.outbox.next("b")?.kind, "lost");
    station.host.store.flush();
  }
  using station = new Station(directory.path);
  assert.equal(station.outbox.next("a"), undefined, "also on disk");
  assert.equal(station.outbox.next("b")?.kind, "lost");
});

Deno.test("how long a delivery has waited is measured, and outlives kills and steps of the clock", () => {
  using first = temporaryDirectory();
  using second = temporaryDirectory();
  {
    using station = new Station(first.path, new HandClock());
    station.lose("tetris");
    station.host.store.commitDue();
    station.pass(AGES_WRITTEN_MS + 60_000);
    station.host.store.commitDue();
    copyAsKilled(first.path, second.path);
  }
  // A Raspberry Pi starts in 1970, or the clock was years behind until now.
  for (const wallMs of [0, Date.UTC(2126, 0, 1)]) {
    using third = temporaryDirectory();
    copyAsKilled(second.path, third.path);
    using station = new Station(third.path, new HandClock(wallMs));
    const delivery = station.outbox.next("a");
    assert.ok(delivery);
    const waitedMs = station.host.clock.now() - delivery.createdAt;
    assert.ok(waitedMs >= AGES_WRITTEN_MS && waitedMs <= AGES_WRITTEN_MS + 66_000, `${waitedMs}`);
  }
});

Deno.test("an outage that outlives a step of the clock is not told longer than believed", () => {
  using directory = temporaryDirectory();
  {
    using station = new Station(directory.path, new HandClock());
    station.lose("tetris");
    station.host.store.flush();
  }
  using station = new Station(directory.path, new HandClock(Date.UTC(2126, 0, 1)));
  station.deliver();
  station.host.beat("tetris", 1_000);
  station.host.store.commitDue();
  const [recovered] = station.deliver();
  assert.equal(recovered?.kind, "recovered");
  assert.ok((recovered?.notices[0]?.downMs ?? Infinity) < 10_000);
});

Deno.test("a role that is switched off closes what was told of its members", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  let id: string | undefined;
  {
    using station = new Station(directory.path, clock);
    station.lose("tetris");
    station.host.store.flush();
    id = station.deliver()[0]?.notices[0]?.id;
    assert.ok(id);
  }
  using station = new Station(directory.path, clock, {
    members: new Members({ now: clock.now(), events: new Events() }),
  });
  station.pass(61_000);
  station.host.store.commitDue();
  const [ended] = station.deliver();
  assert.equal(ended?.kind, "ended");
  assert.equal(ended?.notices[0]?.id, id);
});

Deno.test("reminders come while somebody stays lost", () => {
  using station = new Station(undefined, new HandClock(), { targets: ["a"] });
  station.lose("tetris");
  station.host.store.commitDue();
  assert.deepEqual(station.deliver().map(({ kind }) => kind), ["lost"]);
  for (let minute = 0; minute < 21; minute++) {
    station.pass(60_000);
    station.host.store.commitDue();
  }
  assert.deepEqual(station.deliver().map(({ kind }) => kind), ["reminder", "reminder"]);
});

Deno.test("reminders wait while nobody is heard, and while who is lost is in maintenance", () => {
  for (const who of ["member", "host", "nobody is heard"] as const) {
    using station = new Station(undefined, new HandClock(), { targets: ["a"] });
    const { host } = station;
    station.lose("tetris");
    host.store.commitDue();
    assert.deepEqual(station.deliver().map(({ kind }) => kind), ["lost"]);
    const pause = { reason: "lamp", until: host.clock.now() + 3_600_000 };
    if (who === "nobody is heard") host.hilbert.setDeaf(true, host.clock.now());
    else if (who === "host") host.members.pauseAll(pause, host.clock.now());
    else host.hilbert.pause(heardFrom("tetris"), pause, host.clock.now());
    for (let minute = 0; minute < 30; minute++) {
      station.pass(60_000);
      host.store.commitDue();
    }
    assert.deepEqual(station.deliver().map(({ kind }) => kind), [], who);
  }
});

Deno.test("an endpoint that is away costs a bounded number of deliveries, counted", () => {
  using station = new Station(undefined, new HandClock(), { targets: ["a"] });
  for (let outage = 0; outage < DELIVERIES_PER_TARGET_MAX; outage++) {
    station.lose("tetris");
    station.host.store.commitDue();
    station.host.beat("tetris", 1_000);
    station.host.store.commitDue();
  }
  assert.equal(station.outbox.size, DELIVERIES_PER_TARGET_MAX);
  assert.equal(station.outbox.dropped, DELIVERIES_PER_TARGET_MAX);
  assert.equal(
    station.outbox.metrics()["pulsebox_notifications_dropped_total"],
    DELIVERIES_PER_TARGET_MAX,
  );
});

Deno.test("a disk that fails holds nothing back, and gets it all when it is back", () => {
  using directory = temporaryDirectory();
  const disk = new FaultyDisk();
  const clock = new HandClock();
  {
    using station = new Station(directory.path, clock, { store: { openDatabase: disk.open } });
    station.host.beat("tetris", 1_000);
    station.host.store.flush();
    disk.remove();
    station.pass(5_500);
    station.host.store.commitDue();
    station.host.store.commitDue();
    assert.equal(station.outbox.next("a")?.kind, "lost");
    disk.repair();
    station.pass(120_000);
    station.host.store.commitDue();
  }
  using station = new Station(directory.path, clock);
  assert.equal(station.outbox.next("a")?.kind, "lost");
});

Deno.test("an outage of an earlier run ends once though the disk came back in the middle of another", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using station = new Station(directory.path, clock, { targets: ["a"] });
    station.lose("tetris");
    station.host.store.commitDue();
    station.deliver();
  }
  const disk = new FaultyDisk();
  disk.remove();
  using station = new Station(directory.path, clock, {
    targets: ["a"],
    store: { openDatabase: disk.open },
  });
  const told = () => {
    station.host.store.commitDue();
    return station.deliver().flatMap(({ notices }) => notices);
  };
  station.lose("tetris");
  const [lost] = told();
  disk.repair();
  station.pass(80_000);
  const [ended, ...more] = told();
  assert.deepEqual(more, []);
  assert.equal(ended?.kind, "recovered");
  assert.equal(ended.downMs, 5_500, "until it was heard in this run");
  station.host.beat("tetris", 1_000);
  const [back, ...rest] = told();
  assert.deepEqual(rest, []);
  assert.equal(back?.kind, "recovered");
  assert.equal(back.id, lost?.id);
  assert.notEqual(back.id, ended.id);
});

Deno.test("Outbox tells by other directions at once, of outages that it knows", () => {
  using station = new Station(undefined, new HandClock(), { targets: ["a"] });
  station.lose("tetris");
  station.host.store.commitDue();
  station.deliver();
  station.outbox.direct(directions({ targets: ["a"], reminderMs: 60_000 }));
  station.pass(61_000);
  station.host.store.commitDue();
  assert.deepEqual(station.deliver().map(({ kind }) => kind), ["reminder"]);
  station.outbox.direct(directions({ targets: ["a"], kinds: new Set<NoticeKind>(["lost"]) }));
  station.host.beat("tetris", 1_000);
  station.host.store.commitDue();
  assert.deepEqual(station.deliver(), []);
});

Deno.test("what waits for a target ends with it, on disk too", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using station = new Station(directory.path, clock);
    station.lose("tetris");
    station.host.store.commitDue();
    station.lose("pong");
    station.outbox.collect();
    station.outbox.direct(directions({ targets: ["b", "c"] }));
    assert.equal(station.outbox.next("a"), undefined);
    station.host.store.commitDue();
    assert.equal(station.deliver("b").length, 2);
    assert.equal(station.outbox.next("c"), undefined, "it was told of nothing yet");
  }
  using station = new Station(directory.path, clock, { targets: ["a", "b"] });
  assert.equal(station.outbox.next("a"), undefined);
});

Deno.test("without a target nothing is kept, and a new one is told of who is lost then", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using station = new Station(directory.path, clock, { targets: ["a"] });
    station.lose("tetris");
    station.host.store.commitDue();
    station.outbox.direct(undefined);
    assert.equal(station.outbox.size, 0);
    station.host.store.commitDue();
    station.lose("pong");
    station.host.store.commitDue();
    station.outbox.direct(directions({ targets: ["a"] }));
    station.pass(61_000);
    station.host.store.commitDue();
    const told = station.deliver().flatMap(({ notices }) =>
      notices.map(({ member }) => member?.name)
    );
    assert.deepEqual(told.sort(), ["pong", "tetris"]);
  }
});

Deno.test("a start without targets forgets what an earlier one had to tell, and one with them does not", () => {
  for (const hasTargets of [true, false]) {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    let id: string | undefined;
    {
      using station = new Station(directory.path, clock, { targets: ["a"] });
      station.lose("tetris");
      station.host.store.commitDue();
      id = station.outbox.next("a")?.id;
    }
    {
      using host = new VirtualHost(directory.path, clock, {
        makeOutbox: (context) =>
          new Outbox(hasTargets ? directions({ targets: ["a"] }) : undefined, context),
      });
      host.store.load();
      host.store.commitDue();
    }
    using station = new Station(directory.path, clock, { targets: ["a"] });
    assert.equal(station.outbox.next("a")?.id, hasTargets ? id : undefined);
  }
});

function directions(options: Partial<OutboxOptions>): OutboxOptions {
  return {
    targets: [],
    kinds: new Set<NoticeKind>(["lost", "recovered", "reminder"]),
    reminderMs: 600_000,
    isFlapping: () => false,
    newId: () => `id${++ids}`,
    compose: (id, kind, notices) => JSON.stringify({ id, kind, notices }),
    onReady: () => {},
    ...options,
  };
}
