import { strict as assert } from "node:assert";
import { type Outages, type OutagesQuestion, viewOutages } from "../../src/console/outages.ts";
import { viewUptime } from "../../src/console/uptime.ts";
import { Calendar } from "../../src/core/calendar.ts";
import {
  HandClock,
  heardFrom,
  idOf,
  temporaryDirectory,
  VirtualHost,
} from "../store/virtual_host.ts";
import { hear, setUp } from "./bench.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONG_MS = 10_000 * HOUR_MS;
const QUESTION: OutagesQuestion = { days: 7, sort: "outages", limit: 1_000, offset: 0, latest: 20 };

/** A host in Berlin, on disk. */
function berlinHost(directory: string, clock: HandClock): VirtualHost {
  const host = new VirtualHost(directory, clock, { calendar: new Calendar("Europe/Berlin") });
  host.store.load();
  return host;
}

function fail(host: VirtualHost, name: string, ms: number): void {
  host.hilbert.fail(heardFrom(name, LONG_MS), "broken", host.clock.now());
  host.clock.pass(ms);
  host.store.commitDue();
  host.beat(name, LONG_MS);
}

function ask(host: VirtualHost, question: Partial<OutagesQuestion> = {}): Promise<Outages> {
  const { members, store: { uptime } } = host;
  const stations = new Map([["127.0.0.1", "Foyer"]]);
  return viewOutages({ members, stations, uptime }, { ...QUESTION, ...question });
}

Deno.test("outages: a period is the sum of its days, on disk, waiting, and not counted yet", async () => {
  using directory = temporaryDirectory();
  // Noon in Berlin, in the middle of October; its last Sunday has 25 hours.
  const clock = new HandClock(Date.parse("2026-10-15T10:00:00Z"));
  using host = berlinHost(directory.path, clock);
  for (const name of ["calm", "fleeting", "old"]) host.beat(name, LONG_MS);
  for (let day = 0; day < 30; day++) {
    fail(host, "fleeting", HOUR_MS);
    clock.pass(DAY_MS - HOUR_MS);
    host.store.commitDue();
  }
  // Over midnight: one outage of two days.
  clock.pass(11 * HOUR_MS);
  fail(host, "old", 2 * HOUR_MS);
  // What has just begun is on no disk.
  host.hilbert.fail(heardFrom("calm", LONG_MS), "broken", clock.now());
  clock.pass(5_000);

  for (const days of [1, 7, 30, 90]) {
    const { members, all } = await ask(host, { days });
    for (const { id, name, address, station, forgotten, ...figures } of members) {
      assert.deepEqual([id, address, station, forgotten], [
        `hilbert/${idOf(name)}`,
        "127.0.0.1",
        "Foyer",
        false,
      ]);
      const { spans } = viewUptime(
        host.store.uptime.query({ protocol: "hilbert", id: idOf(name) }),
        days,
      );
      const span = spans.find(({ span }) => span === `${days}d`);
      if (span === undefined) continue;
      const { span: _, from: __, ...expected } = span;
      assert.deepEqual(figures, expected, `${name} in ${days} days`);
    }
    const sum = (key: "downMs" | "knownMs" | "outages") =>
      members.reduce((total, member) => total + member[key], 0);
    assert.deepEqual(
      [all.downMs, all.knownMs, all.outages],
      [sum("downMs"), sum("knownMs"), sum("outages")],
    );
  }

  const month = await ask(host, { from: "2026-10-01", to: "2026-10-31" });
  assert.deepEqual([month.from, month.to, month.since, month.timeZone], [
    "2026-10-01",
    "2026-10-31",
    "2026-10-15",
    "Europe/Berlin",
  ]);
  const [worst] = month.members;
  assert.deepEqual([worst?.name, worst?.outages, worst?.downMs], ["fleeting", 17, 17 * HOUR_MS]);
  assert.equal(worst?.knownMs, (16 * 24 + 12 + 1) * HOUR_MS, "an autumn night has an hour more");
  const later = await ask(host, { from: "2026-11-14" });
  assert.deepEqual(later.members.map(({ name, outages }) => [name, outages]), [
    ["old", 1],
    ["calm", 1],
    ["fleeting", 0],
  ]);
  const told = later.latest.map(({ name, station, to, downMs }) => [name, station, to, downMs]);
  assert.deepEqual(
    told.slice(0, 3),
    [
      ["calm", "Foyer", null, 5_000],
      ["old", "Foyer", "2026-11-14T23:00:00.000Z", 2 * HOUR_MS],
    ].concat(told.slice(2, 3)),
  );
  const two = await ask(host, { days: 90, latest: 2 });
  assert.deepEqual(two.latest.map(({ name }) => name), ["calm", "old"]);
  const october = await ask(host, { from: "2026-10-01", to: "2026-10-31", latest: 200 });
  assert.deepEqual(
    new Set(october.latest.map(({ from }) => from.slice(0, 7))),
    new Set(["2026-10"]),
  );
  const nothing = await ask(host, { from: "2024-01-01", to: "2024-01-31" });
  assert.deepEqual([nothing.since, nothing.all.uptime, nothing.total], [null, null, 3]);
});

Deno.test("outages: order, part, and those that were forgotten", async () => {
  using directory = temporaryDirectory();
  const clock = new HandClock(Date.parse("2026-10-15T10:00:00Z"));
  using host = berlinHost(directory.path, clock);
  for (const name of ["a", "b", "c"]) host.beat(name, LONG_MS);
  clock.pass(HOUR_MS);
  fail(host, "a", 5 * HOUR_MS);
  for (let time = 0; time < 3; time++) {
    fail(host, "b", 60_000);
    clock.pass(60_000);
  }
  const member = host.hilbert.get(idOf("a"));
  assert.ok(member !== undefined);
  host.hilbert.forget(member, "operator", clock.now());
  host.store.commitDue();
  const order = async (question: Partial<OutagesQuestion>) =>
    (await ask(host, question)).members.map(({ id }) => id.slice("hilbert/".length, -12));
  assert.deepEqual(await order({}), ["b", "a", "c"]);
  assert.deepEqual(await order({ sort: "down" }), ["a", "b", "c"]);
  assert.deepEqual(await order({ sort: "uptime" }), ["a", "b", "c"]);
  assert.deepEqual(await order({ sort: "name", limit: 1, offset: 1 }), ["b"]);
  const { members, total } = await ask(host);
  assert.equal(total, 3);
  assert.deepEqual(members.map(({ forgotten }) => forgotten), [false, true, false]);
});

Deno.test("outages: the API names stations, and whom it has forgotten", async () => {
  using bench = setUp();
  hear(bench, "tetris", "10.0.0.7");
  hear(bench, "old");
  bench.advance(7_000);
  const old = bench.roster.get("old @ 127.0.0.1");
  assert.ok(old !== undefined);
  bench.roster.forget(old, "operator", bench.now());
  const { members, all } = await (await bench.request("/api/v1/outages?sort=name")).json();
  assert.deepEqual(
    members.map((
      row: Outages["members"][number],
    ) => [row.name, row.station, row.forgotten, row.outages]),
    [["old", null, true, 1], ["tetris", "Entrance", false, 1]],
  );
  assert.equal(all.outages, 2);
});
