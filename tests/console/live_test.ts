import { strict as assert } from "node:assert";
import { STREAM_BYTES_MAX } from "../../src/console/live/event_stream.ts";
import {
  EVENT_STREAMS_MAX,
  EVENT_STREAMS_PER_ADDRESS_MAX,
  PULSE_MS,
} from "../../src/console/live/live_hub.ts";
import type { Panels, WaveSample } from "../../src/console/panels.ts";
import { within } from "../support/tcp.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";
import { EventReader } from "./event_reader.ts";

async function listen(bench: Bench, address = "127.0.0.1"): Promise<Response> {
  return await bench.request("/api/v1/events?beats=1", {}, address);
}

Deno.test("a listener is told what time alone does to the strips", async () => {
  using bench = setUp();
  hear(bench, "tetris", "127.0.0.1", 36_000_000);
  await using events = new EventReader(await listen(bench));
  const { data: { members: [member] } } = await events.next("snapshot");
  assert.equal(member.strip, `${"-".repeat(47)}o`);
  bench.advance(31 * 60_000);
  // The first one may still be of the half-hour before.
  let strips = (await events.next("strips")).data;
  if (strips[member.id][0] === member.strip) {
    bench.advance(60_000);
    strips = (await events.next("strips")).data;
  }
  assert.deepEqual(strips, { [member.id]: [`${"-".repeat(46)}oo`, 1, 0] });
});

Deno.test("a listener gets a snapshot, then each change of a member", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  await using events = new EventReader(await listen(bench));
  const { data } = await events.next("snapshot");
  assert.equal(data.members[0].id, "hilbert/tetris @ 127.0.0.1");
  assert.deepEqual(data.host, {
    verdict: "well",
    headline: "All is well",
    saying: { key: "verdict.well", values: {} },
    troubles: { named: [], more: 0 },
    unhandled: 0,
    total: 1,
    pause: null,
    problems: [],
    warnings: [],
    unconfirmed: [],
    ways: 0,
    lastRun: null,
  });
  assert.equal(data.games, null);
  bench.advance(3_500);
  assert.equal((await events.next("happened")).data.detail.to, "late");
  assert.equal((await events.next("member")).data.state, "late");
  const late = (await events.next("host")).data;
  assert.deepEqual([late.verdict, late.headline], ["late", "1 of 1 is late"]);
  await bench.request(`${idPath("tetris")}/pause`, { method: "POST", body: '{"reason":"lamp"}' });
  assert.equal((await events.next("member")).data.pause.reason, "lamp");
  await bench.request(`${idPath("tetris")}/resume`, { method: "POST" });
  bench.roster.leave("tetris @ 127.0.0.1", bench.now());
  assert.deepEqual((await events.next("forgotten")).data, { id: "hilbert/tetris @ 127.0.0.1" });
  await bench.request("/api/v1/pause", { method: "POST" });
  let host = await events.next("host");
  while (host.data.pause === null) host = await events.next("host");
});

Deno.test("a snapshot of many comes in parts; what changes between them is told after it", async () => {
  using bench = setUp({ membersMax: 300 });
  for (let index = 0; index < 250; index++) hear(bench, `exhibit-${index}`);
  const { body } = await listen(bench);
  assert.ok(body !== null);
  const parts: string[] = [];
  let isChanged = false;
  const watched = body.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TransformStream<string, string>(
      {
        transform(part, controller) {
          parts.push(part);
          controller.enqueue(part);
          if (isChanged || !part.includes("exhibit-0 ")) return;
          isChanged = true;
          bench.roster.leave("exhibit-0 @ 127.0.0.1", bench.now());
          bench.roster.leave("exhibit-249 @ 127.0.0.1", bench.now());
          hear(bench, "newcomer");
        },
      },
      undefined,
      { highWaterMark: 0 },
    ),
  ).pipeThrough(new TextEncoderStream());
  await using events = new EventReader(new Response(watched));
  const { data } = await events.next("snapshot");
  assert.ok(parts.length >= 3, `${parts.length} parts`);
  const names: string[] = data.members.map(({ name }: { name: string }) => name);
  assert.equal(names.length, 249, "exhibit-0 was sent before it left, exhibit-249 was not");
  assert.ok(names.includes("exhibit-0") && !names.includes("newcomer"));
  const gone = [await events.next("forgotten"), await events.next("forgotten")];
  assert.deepEqual(gone.map((event) => event.data.id), [
    "hilbert/exhibit-0 @ 127.0.0.1",
    "hilbert/exhibit-249 @ 127.0.0.1",
  ]);
  assert.equal((await events.next("member")).data.name, "newcomer");
});

Deno.test("what many members make long work has many turns", async () => {
  using bench = setUp({ membersMax: 1_000 });
  for (let index = 0; index < 1_000; index++) hear(bench, `exhibit-${index}`);
  const longWork: Record<string, () => Promise<unknown>> = {
    page: async () => await (await bench.request("/")).text(),
    wall: async () => await (await bench.request("/?view=wall")).text(),
    snapshot: async () => {
      await using events = new EventReader(await listen(bench));
      return await events.next("snapshot");
    },
  };
  for (const [name, work] of Object.entries(longWork)) {
    let isOver = false;
    let turns = 0;
    const counting = (async () => {
      for (; !isOver; turns++) await new Promise((resolve) => setTimeout(resolve));
    })();
    const began = performance.now();
    await work();
    const tookMs = performance.now() - began;
    isOver = true;
    await counting;
    // Where the code is compiled and the machine fast, it is not long: one turn of 4 ms, and the rest.
    assert.ok(turns >= 2 || tookMs < 30, `${name}: ${turns} turns of others in ${tookMs} ms`);
  }
});

Deno.test("a listener gets the new deadlines of whoever was heard", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  hear(bench, "pong");
  bench.advance(10);
  await using events = new EventReader(await listen(bench));
  await events.next("snapshot");
  bench.advance(600);
  hear(bench, "tetris");
  const { data } = await events.next("pulse");
  assert.deepEqual(data.beats, { "hilbert/tetris @ 127.0.0.1": [2, 0, 1_000] });
});

Deno.test("a listener that does not ask for beats gets signs of life without them", async () => {
  using bench = setUp();
  await using events = new EventReader(await bench.request("/api/v1/events"));
  await events.next("snapshot");
  hear(bench, "tetris");
  assert.deepEqual(Object.keys((await events.next("pulse")).data), ["at"]);
});

Deno.test("games, alarms, curves and figures are told of hosts that have them", async () => {
  let tell: (sample: WaveSample) => void = () => {};
  let isListening = false;
  const alarms = [{
    name: "APNEA",
    priority: "PRIORITY_HIGH",
    raisedAt: null,
    stampMs: null,
    count: 0,
  }];
  const client = {
    id: "1",
    state: "CALIBRATED" as "CALIBRATED" | "RUNNING",
    reportedState: "CALIBRATED" as const,
    address: "::1",
    silentMs: 1,
    emergency: false,
    emergencySince: null,
    emergencyReceivers: null,
  };
  const panels: Panels = {
    game: { clients: () => [{ ...client }], act: () => "done", force: () => "done" },
    hev: {
      alarms: () => alarms,
      acknowledge: () => true,
      listen(listener) {
        tell = listener;
        isListening = true;
        return { [Symbol.dispose]: () => void (isListening = false) };
      },
    },
  };
  using bench = setUp({ panels });
  {
    await using events = new EventReader(await listen(bench));
    const { data } = await events.next("snapshot");
    assert.deepEqual(data.alarms, alarms);
    assert.equal(data.games[0].state, "CALIBRATED");
    assert.ok(isListening);
    tell({ at: 1, values: { pressure: 5 }, units: { pressure: "mbar" } });
    tell({
      at: 2,
      values: { pressure: 6, flow: 1 },
      units: { pressure: "mbar", flow: null },
    });
    assert.deepEqual((await events.next("waves")).data, {
      at: [1, 2],
      values: { pressure: [5, 6], flow: [null, 1] },
      units: { pressure: "mbar", flow: null },
    });
    client.state = "RUNNING";
    bench.events.publish({
      type: "client-state",
      at: 0,
      client: "1",
      from: "CALIBRATED",
      to: "RUNNING",
      cause: "operator",
    });
    assert.equal((await events.next("games")).data[0].state, "RUNNING");
    alarms.pop();
    bench.events.publish({ type: "alarm-acknowledged", at: 0, alarm: "APNEA", priority: "x" });
    assert.deepEqual((await events.next("alarms")).data, []);
  }
  assert.ok(!isListening, "nobody listens any more");
});

Deno.test("a listener that does not read costs a bounded amount, and starts over when it does", async () => {
  using bench = setUp({ membersMax: 2_000 });
  const response = await listen(bench);
  await using events = new EventReader(response);
  await events.next("snapshot");
  for (let count = 0; count < 1_500; count++) hear(bench, `program-${count}-${"x".repeat(200)}`);
  const dropped = () => bench.app.metrics()["pulsebox_event_streams_dropped_total"] ?? 0;
  for (let round = 0; dropped() === 0; round++) {
    assert.ok(round < 50, "the queue has an end");
    bench.advance(1_000);
    await new Promise((done) => setTimeout(done, 40));
  }
  assert.ok(STREAM_BYTES_MAX >= 1_048_576);
  const { data } = await events.next("snapshot");
  assert.equal(data.members.length, 1_500);
});

Deno.test("what happens while others are written to reaches everybody without a sign of life", async () => {
  using bench = setUp();
  const { setTimeout } = globalThis;
  let pulses = 0;
  // Signs of life would carry along what was left behind.
  globalThis.setTimeout =
    ((callback: () => void, ms: number) =>
      ms === PULSE_MS ? pulses++ : setTimeout(callback, ms)) as unknown as typeof setTimeout;
  const readers: EventReader[] = [];
  try {
    for (let count = 0; count < 60; count++) {
      readers.push(new EventReader(await listen(bench, `192.0.2.${count % 4}`)));
    }
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assert.equal(pulses, 1, "the signs of life do not come");
  for (const reader of readers) await reader.next("snapshot");
  // All of them wait for more, as connections do.
  let begun = 0;
  const begin = Promise.withResolvers<void>();
  const told = readers.map(async (reader) => {
    assert.equal((await reader.next("member")).data.name, "first");
    begun++;
    begin.resolve();
    while ((await reader.next("member")).data.name !== "second");
  });
  hear(bench, "first");
  await within(begin.promise, "one listener is told of the first member");
  assert.ok(begun < readers.length, "the round is not over");
  hear(bench, "second");
  await Promise.all(told);
  for (const reader of readers) await reader[Symbol.asyncDispose]();
});

Deno.test("listeners of one /64 of IPv6 count together", async () => {
  using bench = setUp();
  const open: Response[] = [];
  for (let count = 0; count < EVENT_STREAMS_PER_ADDRESS_MAX; count++) {
    open.push(await listen(bench, `2001:db8::${count + 1}`));
  }
  const refused = await listen(bench, "2001:db8::ffff");
  assert.equal(refused.status, 503);
  open.push(refused, await listen(bench, "2001:db8:0:1::1"));
  assert.equal(open.at(-1)?.status, 200);
  for (const response of open) await response.body?.cancel();
});

Deno.test("too many listeners are refused, and who goes makes room", async () => {
  using bench = setUp();
  const open: Response[] = [];
  for (let count = 0; count < EVENT_STREAMS_PER_ADDRESS_MAX; count++) {
    open.push(await listen(bench, "192.0.2.1"));
  }
  const refused = await listen(bench, "192.0.2.1");
  assert.equal(refused.status, 503);
  assert.match((await refused.json()).title, /event streams/);
  for (let count = open.length; count < EVENT_STREAMS_MAX; count++) {
    open.push(await listen(bench, `192.0.2.${2 + count % 100}`));
  }
  assert.equal((await listen(bench, "198.51.100.1")).status, 503);
  assert.equal(bench.app.metrics()["pulsebox_event_streams"], EVENT_STREAMS_MAX);
  assert.equal(bench.app.metrics()["pulsebox_event_streams_refused_total"], 2);
  await open.pop()?.body?.cancel();
  const next = await listen(bench, "198.51.100.1");
  assert.equal(next.status, 200);
  for (const response of [...open, next]) await response.body?.cancel();
  assert.equal(bench.app.metrics()["pulsebox_event_streams"], 0);
  assert.equal(bench.events.listeners, 2, "only the history and uptime listen");
});

Deno.test("after more changes than are told one by one, listeners start over", async () => {
  using bench = setUp({ membersMax: 3_000 });
  await using events = new EventReader(await listen(bench));
  await events.next("snapshot");
  for (let count = 0; count < 2_500; count++) hear(bench, `app${count}`);
  const { data } = await events.next("snapshot");
  assert.equal(data.host.total, 2_500);
  assert.equal(data.members.length, 2_000);
});

Deno.test("no proxy may keep or hold back events, whether asked by GET or HEAD", async () => {
  using bench = setUp();
  for (const method of ["GET", "HEAD"]) {
    const { headers, body } = await bench.request("/api/v1/events", { method });
    assert.equal(headers.get("x-accel-buffering"), "no", method);
    assert.equal(headers.get("cache-control"), "no-store, no-transform", method);
    assert.equal(headers.get("content-type"), "text/event-stream", method);
    await body?.cancel();
  }
});

Deno.test("HEAD opens no stream", async () => {
  using bench = setUp();
  for (let count = 0; count < 2; count++) {
    const response = await bench.request("/api/v1/events", { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
  }
  assert.equal(bench.app.metrics()["pulsebox_event_streams"], 0);
});

Deno.test("the end of the console ends its streams", async () => {
  const bench = setUp();
  const reader = (await listen(bench)).body?.getReader();
  assert.ok(reader);
  await within(reader.read(), "the snapshot");
  bench[Symbol.dispose]();
  assert.equal((await within(reader.read(), "the end")).done, true);
});
