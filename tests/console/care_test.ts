import { strict as assert } from "node:assert";
import { viewUptime } from "../../src/console/uptime.ts";
import {
  HandClock,
  heardFrom,
  idOf,
  temporaryDirectory,
  VirtualHost,
} from "../store/virtual_host.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";

const ANNA = { by: "Anna", note: "power supply ordered" };
const TETRIS = { protocol: "hilbert", id: idOf("tetris") } as const;

async function post(bench: Bench, path: string, body: object): Promise<Response> {
  return await bench.request(path, { method: "POST", body: JSON.stringify(body) });
}

async function verdict(bench: Bench) {
  return await (await bench.request("/api/v1/verdict")).json();
}

Deno.test("an acknowledgement names who is on it until the member is heard again", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const path = `${idPath("tetris")}/acknowledge`;
  assert.equal((await post(bench, path, ANNA)).status, 409, "it is well");
  bench.advance(5_500);
  const said = await (await post(bench, path, ANNA)).json();
  assert.deepEqual(said.acknowledgement, { ...ANNA, at: "2026-01-01T00:00:05.500Z" });
  assert.equal((await verdict(bench)).members[0].acknowledgedBy, "Anna");
  // From lost to gone it is the same outage.
  bench.advance(1_000);
  assert.equal((await verdict(bench)).members[0].acknowledgedBy, "Anna");
  hear(bench, "tetris");
  const back = await (await bench.request(idPath("tetris"))).json();
  assert.deepEqual([back.state, back.acknowledgement], ["ok", null]);
});

Deno.test("an acknowledgement that is withdrawn is gone, and told", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  bench.advance(5_500);
  const path = `${idPath("tetris")}/acknowledge`;
  await post(bench, path, ANNA);
  const told = bench.events.subscribe();
  const { acknowledgement } = await (await bench.request(path, { method: "DELETE" })).json();
  assert.equal(acknowledgement, null);
  assert.equal(told.take()?.type, "member-unacknowledged");
  await bench.request(path, { method: "DELETE" });
  assert.equal(told.take(), undefined, "nobody withdrew anything");
});

Deno.test("one call pauses or acknowledges many, and says which it could not", async () => {
  using bench = setUp();
  for (const name of ["a", "b"]) hear(bench, name);
  bench.advance(5_500);
  hear(bench, "well");
  const ids = ["hilbert/a @ 127.0.0.1", "b", "b", "well", "nobody"];
  const handled = await (await post(bench, "/api/v1/members/acknowledge", { ids, ...ANNA })).json();
  const names = ({ members }: { members: { name: string }[] }) => members.map(({ name }) => name);
  assert.deepEqual(names(handled), ["a", "b"]);
  assert.deepEqual(handled.refused.map(({ id }: { id: string }) => id), ["well", "nobody"]);
  const paused = await (await post(bench, "/api/v1/members/pause", { ids, forMs: 60_000 })).json();
  assert.deepEqual(names(paused), ["a", "b", "well"]);
  assert.deepEqual(paused.refused, [
    { id: "nobody", detail: 'No member has the identity "nobody"' },
  ]);
});

Deno.test("members are listed by state, station and tag", async () => {
  using bench = setUp();
  hear(bench, "fleeting");
  bench.advance(5_500);
  hear(bench, "tetris");
  hear(bench, "pong", "10.0.0.7");
  const listed = async (query: string) => {
    const { members, total } = await (await bench.request(`/api/v1/members?${query}`)).json();
    assert.equal(total, members.length);
    return members.map(({ name }: { name: string }) => name);
  };
  assert.deepEqual(await listed("state=lost"), ["fleeting"]);
  assert.deepEqual(await listed("group=Entrance"), ["pong"]);
  assert.deepEqual(await listed("group=127.0.0.1&state=ok"), ["tetris"]);
  assert.deepEqual(await listed("tag=kiosk"), ["tetris"]);
  await post(bench, `${idPath("tetris")}/pause`, {});
  assert.deepEqual(await listed("state=maintenance"), ["tetris"]);
  assert.deepEqual(await listed("state=ok"), ["pong"], "in maintenance it is in no other state");
  assert.equal((await bench.request("/api/v1/members?state=happy")).status, 422);
});

Deno.test("an acknowledgement survives a restart and stays in the record of the outage", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    host.hilbert.fail(heardFrom("tetris"), "broken", clock.now());
    const member = host.hilbert.get(TETRIS.id) ?? assert.fail();
    host.hilbert.acknowledge(member, { ...ANNA, at: clock.now() }, clock.now());
  }
  clock.pass(60_000);
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  const { acknowledgement } = host.hilbert.get(TETRIS.id) ?? assert.fail();
  assert.deepEqual(acknowledgement, { ...ANNA, at: clock.now() - 60_000 });
  host.beat("tetris");
  assert.equal(host.hilbert.get(TETRIS.id)?.acknowledgement, undefined);
  host.store.commitDue();
  const [outage, ...others] = viewUptime(host.store.uptime.query(TETRIS), 1).outages;
  assert.deepEqual([outage?.by, outage?.note], [ANNA.by, ANNA.note]);
  assert.notEqual(outage?.to, null);
  assert.deepEqual(others, []);
  // The next one is nobody's.
  host.hilbert.fail(heardFrom("tetris"), "broken", clock.now());
  assert.equal(viewUptime(host.store.uptime.query(TETRIS), 1).outages[0]?.by, null);
});

Deno.test("the strip of a run continues that of the run before, from memory alone", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    host.beat("tetris", 36_000_000);
    clock.pass(3_600_000);
    host.hilbert.fail(heardFrom("tetris"), "broken", clock.now());
    // At the very moment, before any time has passed.
    assert.match(host.store.uptime.lastDay(TETRIS).strip, /oox$/);
    clock.pass(1_800_000);
    host.beat("tetris", 36_000_000);
  }
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  const view = host.store.uptime.lastDay(TETRIS);
  assert.match(view.strip, /^-+ooxo$/);
  assert.deepEqual([view.outages24h, view.uptime24h], [1, 1 - 1 / 3]);
  // The half-hour that has just begun is known by its state alone.
  const { strip } = viewUptime(host.store.uptime.query(TETRIS), 1);
  assert.equal(strip.slice(0, -1), view.strip.slice(0, -1));
  clock.pass(25 * 3_600_000);
  assert.match(host.store.uptime.lastDay(TETRIS).strip, /^o{48}$/, "a day later it is forgotten");
});

Deno.test("badges of uptime count all members, or one", async () => {
  using bench = setUp();
  hear(bench, "tetris", "127.0.0.1", 7_200_000);
  hear(bench, "fleeting", "127.0.0.1", 7_200_000);
  bench.advance(3_600_000);
  const { member } = { member: bench.roster.get("fleeting @ 127.0.0.1") ?? assert.fail() };
  bench.roster.fail({ ...member, name: "fleeting", promiseMs: 1_000 }, "broken", bench.now());
  bench.advance(3_600_000);
  const badge = async (path: string) => await (await bench.request(`/api/v1${path}`)).text();
  for (const span of ["24h", "7d", "30d", "90d"]) {
    assert.match(await badge(`/badge/uptime-${span}.svg`), RegExp(`uptime ${span}: 75 %`));
    const path = `/members/badge/uptime-${span}.svg?id=`;
    assert.match(await badge(`${path}fleeting`), /fleeting uptime \w+: 50 %/);
    assert.match(await badge(`${path}tetris`), /: 100 %/);
  }
});

Deno.test("a pause may end at a time of the host's clock, with or without an offset", async () => {
  using bench = setUp();
  for (const name of ["a", "b"]) hear(bench, name);
  const ids = ["a", "b"];
  const wallMs = Date.parse("2026-01-01T00:00:00Z");
  const local = new Date(wallMs + 33 * 3_600_000);
  const two = (part: number) => String(part).padStart(2, "0");
  const localTime = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}` +
    `T${two(local.getHours())}:${two(local.getMinutes())}`;
  for (
    const [until, end] of [
      [localTime, "2026-01-02T09:00:00.000Z"],
      ["2026-01-02T09:00:00Z", "2026-01-02T09:00:00.000Z"],
      ["2026-01-02T09:00:00+09:00", "2026-01-02T00:00:00.000Z"],
    ]
  ) {
    const reply = await post(bench, "/api/v1/members/pause", { ids, until });
    const { members, refused } = await reply.json();
    assert.deepEqual(refused, []);
    const ends = members.map(({ pause }: { pause: { until: string } }) => pause.until);
    assert.deepEqual(ends, [end, end], until);
  }
  for (
    const [body, detail] of [
      [{ until: "2025-12-31T00:00:00Z" }, /^until: 2025-12-31T00:00:00Z is past, or more than 366/],
      [{ until: "2027-12-31T00:00:00Z" }, /past, or more than 366 days ahead$/],
      [{ until: "tomorrow" }, /^until: /],
      [{ until: "2026-01-02T09:00:00Z", forMs: 60_000 }, /^Write forMs or until, not both$/],
    ] as const
  ) {
    for (const path of ["/api/v1/members/pause", `${idPath("a")}/pause`, "/api/v1/pause"]) {
      const reply = await post(
        bench,
        path,
        path.endsWith("members/pause") ? { ids, ...body } : body,
      );
      assert.equal(reply.status, 422, path);
      assert.match((await reply.json()).detail, detail);
    }
  }
});
