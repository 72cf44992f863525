import { strict as assert } from "node:assert";
import { heartbeatRules } from "../../../src/roles/heartbeat/options.ts";
import { HeartbeatService } from "../../../src/roles/heartbeat/service.ts";
import { decodeRaw } from "../../../src/wire/hilbert/percent.ts";
import { TARGET_CASES } from "../../wire/hilbert/cases.ts";
import { stationAndService, VirtualStation } from "./virtual_station.ts";
import { WORKED_EXAMPLES } from "./worked_examples.ts";

Deno.test("HeartbeatService answers the worked examples byte for byte", () => {
  const { station, service } = stationAndService();
  for (const { atMs, target, status, body } of WORKED_EXAMPLES) {
    station.nowMs = atMs;
    const reply = service.answer(target, "127.0.0.1");
    assert.equal(reply.body, body, `${target} at ${atMs}`);
    assert.equal(reply.outcome, status === 200 ? "done" : "bad-request");
  }
});

Deno.test("HeartbeatService answers every named target", () => {
  for (const { name, target, expected } of TARGET_CASES) {
    const { service } = stationAndService();
    const { outcome, body } = service.answer(target, "127.0.0.1");
    const isError = expected.command === "invalid" || expected.command === "unknown";
    assert.equal(outcome, isError ? "bad-request" : "done", name);
    if (expected.command === "ping" || expected.command === "init") {
      assert.equal(body, String(expected.delay + 1000), name);
    }
    if (isError) assert.equal(body, `ERROR: cannot process your request: [${decodeRaw(target)}]`);
  }
});

Deno.test("HeartbeatService replies with the delay and a second", () => {
  const { ask } = stationAndService();
  const replies: [string, string][] = [
    ["0", "1000"],
    ["500", "1500"],
    ["86400000", "86401000"],
    ["999999999999999", "1000000000000999"],
    ["-999", "1"],
    ["-998.5", "2"],
  ];
  for (const [delay, wait] of replies) {
    assert.equal(ask(`/hb_init?${delay}&appid=a`), wait);
    assert.equal(ask(`/hb_ping?${delay}&appid=b`), wait);
  }
});

Deno.test("HeartbeatService refuses a delay that leaves no time", () => {
  const { ask } = stationAndService();
  for (const target of ["/hb_ping?-1000&appid=a", "/hb_init?-1001", "/heartbeat.html?next=-1000"]) {
    assert.equal(ask(target), `ERROR: cannot process your request: [${target}]`);
  }
  assert.equal(ask("/list"), "");
});

Deno.test("HeartbeatService keeps one name of two addresses apart", () => {
  const { service, ask } = stationAndService();
  service.answer("/hb_ping?5000&appid=A", "10.0.0.1");
  service.answer("/hb_ping?5000&appid=A", "10.0.0.2");
  assert.equal(ask("/list"), "A @ 10.0.0.1\nA @ 10.0.0.2\n");
  service.answer("/hb_done?0&appid=A", "10.0.0.1");
  assert.equal(ask("/list"), "A @ 10.0.0.2\n");
  assert.equal(
    service.answer("/status?appid=A", "10.0.0.1").body,
    "CRITICAL - no application record for queried ID: [A @ 10.0.0.1]",
  );
});

Deno.test("HeartbeatService takes all ways to this machine for one, and no other loopback", () => {
  const { service, ask } = stationAndService();
  for (const hostname of ["::1", "127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1"]) {
    service.answer("/hb_ping?5000&appid=A", hostname);
  }
  service.answer("/hb_ping?5000&appid=A", "127.0.0.2");
  assert.equal(ask("/list"), "A @ 127.0.0.1\nA @ 127.0.0.2\n");
});

Deno.test("HeartbeatService knows an application without a name by its address", () => {
  const { ask } = stationAndService();
  ask("/hb_ping?5000");
  ask("/hb_ping?5000&appid=");
  assert.equal(ask("/list"), " @ 127.0.0.1\n");
  assert(ask("/status").startsWith("OK - fine application [ @ 127.0.0.1]| "));
  assert(ask("/status?appid=").startsWith("OK - fine application [ @ 127.0.0.1]| "));
});

Deno.test("HeartbeatService does not look for an identity with its address spelt out", () => {
  const { ask } = stationAndService();
  ask("/hb_ping?5000&appid=A");
  assert.equal(
    ask("/status?appid=A%20@%20127.0.0.1"),
    "CRITICAL - no application record for queried ID: [A @ 127.0.0.1 @ 127.0.0.1]",
  );
});

Deno.test("HeartbeatService turns at 3, 5 and 6 times the wait, not earlier", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?5000&appid=A");
  const steps: [number, string][] = [
    [17_999, "OK - fine"],
    [18_000, "WARNING - somewhat late"],
    [29_999, "WARNING - somewhat late"],
    [30_000, "CRITICAL - quite late"],
    [35_999, "CRITICAL - quite late"],
    [36_000, "UNKNOWN - no heartbeat clients"],
  ];
  for (const [nowMs, start] of steps) {
    station.nowMs = nowMs;
    assert(ask("/status").startsWith(start), `${nowMs}: ${ask("/status")}`);
  }
});

Deno.test("HeartbeatService forgets lateness with the next heartbeat", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?0&appid=A");
  for (const nowMs of [5_500, 12_000, 18_000]) {
    station.nowMs = nowMs;
    assert.equal(ask("/hb_ping?0&appid=A"), "1000");
    assert(ask("/status").startsWith("OK - fine application [A @ 127.0.0.1]| od=0.00"));
  }
});

Deno.test("HeartbeatService loses no event of a member that comes back before its timer", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?0&appid=A");
  station.takeEvents();
  station.nowMs = 7_000;
  ask("/hb_ping?0&appid=A");
  const states = station.takeEvents().map((event) =>
    event.type === "member-state" ? `${event.from} ${event.to}` : event.type
  );
  assert.deepEqual(states, ["member-missed", "ok late", "late lost", "lost gone", "gone ok"]);
});

Deno.test("HeartbeatService tells every deadline that may be the next", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?5000&appid=A");
  ask("/hb_ping?0&appid=A");
  ask("/heartbeat.html?container=B&next=0");
  assert.deepEqual(station.wakes, [6_000, 1_000, 1_000]);
});

Deno.test("HeartbeatService lists a member that came back behind the others", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?0&appid=A");
  ask("/hb_ping?60000&appid=B");
  station.nowMs = 6_000;
  ask("/hb_ping?0&appid=A");
  assert.equal(ask("/list"), "B @ 127.0.0.1\nA @ 127.0.0.1\n");
});

Deno.test("HeartbeatService takes an applications' limit as 503, and lets known ones go on", () => {
  const { service } = stationAndService({}, { applicationsMax: 3, applicationsPerAddressMax: 2 });
  const ping = (name: string, from: string) =>
    service.answer(`/hb_ping?5000&appid=${name}`, from).outcome;
  assert.deepEqual([ping("A", "10.0.0.1"), ping("B", "10.0.0.1"), ping("C", "10.0.0.1")], [
    "done",
    "done",
    "full",
  ]);
  assert.deepEqual([ping("D", "10.0.0.2"), ping("E", "10.0.0.3")], ["done", "full"]);
  assert.deepEqual([ping("A", "10.0.0.1"), ping("D", "10.0.0.2")], ["done", "done"]);
  const refused = service.answer("/hb_init?5&appid=%41%42", "10.0.0.9");
  assert.deepEqual(refused, {
    outcome: "full",
    body: "ERROR: cannot process your request: [/hb_init?5&appid=%41%42]",
  });
  assert.equal(service.answer("/heartbeat.html?container=x", "10.0.0.9").outcome, "full");
  assert.deepEqual(service.counters.refusals, { "full": 3, "address-full": 1 });
});

Deno.test("HeartbeatService counts requests and harmless misuse", () => {
  const { station, service, ask } = stationAndService();
  ask("/hb_ping?0&appid=50%off");
  ask("/hb_init?0&appid=50%off");
  ask("/hb_init?0&appid=B");
  ask("/hb_ping?0&appid=B");
  ask("/nonsense");
  assert.deepEqual(station.misuses, [
    ["ping-without-init", "50%off @ 127.0.0.1"],
    ["init-of-known", "50%off @ 127.0.0.1"],
  ]);
  const samples = service.counters.samples();
  assert.equal(samples['hilbert_requests_total{command="init"}'], 2);
  assert.equal(samples['hilbert_requests_total{command="ping"}'], 2);
  assert.equal(samples['hilbert_requests_total{command="unknown"}'], 1);
  assert.equal(samples['hilbert_misuses_total{kind="init-of-known"}'], 1);
});

Deno.test("HeartbeatService takes heartbeats by template", () => {
  const { station, ask } = stationAndService({ graceMs: 20_000 });
  assert.equal(ask("/heartbeat.html?container=pong&next=500"), "1500");
  assert.equal(ask("/heartbeat.html?container=pong&next=0.1"), "1001");
  assert(ask("/status?appid=pong").includes("delay=1001ms"));
  assert.equal(ask("/heartbeat.html?container=pong&next=%n"), "20000");
  station.nowMs = 59_999;
  assert(ask("/status").startsWith("OK - fine application [pong @ 127.0.0.1]| "));
  ask("/hb_done?0&appid=pong");
  assert.equal(ask("/list"), "");
});

Deno.test("HeartbeatService reads and writes seconds if told to", () => {
  const { station, ask } = stationAndService({ unit: "seconds" });
  assert.equal(ask("/hb_init?9&appid=A"), "10");
  assert.equal(ask("/hb_ping?3.5&appid=A"), "5");
  assert.equal(ask("/hb_ping?3&appid=A"), "4");
  station.nowMs = 12_000;
  assert.equal(
    ask("/status"),
    "WARNING - somewhat late application [A @ 127.0.0.1]| od=3.00;3;5;0;6 delay=4000ms;;; ",
  );
  assert.equal(
    ask("/hb_ping?-1&appid=A"),
    "ERROR: cannot process your request: [/hb_ping?-1&appid=A]",
  );
  assert.equal(ask("/heartbeat.html?container=B&next=3000"), "4000");
});

Deno.test("HeartbeatService learns the wait if told to, and says so", () => {
  const { station, ask } = stationAndService({ waiting: "learned", learnedMarginMsMax: 10_000 });
  let reply = ask("/hb_init?60000&appid=A");
  assert.equal(reply, "61000");
  station.nowMs += 50_000;
  // The way from the start to the first ping teaches nothing.
  assert.equal(ask("/hb_ping?5000&appid=A"), "6000");
  for (let beat = 0; beat < 20; beat++) {
    station.nowMs += beat % 2 === 0 ? 5_000 : 11_000;
    reply = ask("/hb_ping?5000&appid=A");
  }
  assert(Number(reply) > 10_000 && Number(reply) <= 11_000, reply);
  assert(ask("/status").includes(`delay=${reply}ms`));
  for (let beat = 0; beat < 20; beat++) {
    station.nowMs += 30_000;
    reply = ask("/hb_ping?5000&appid=A");
  }
  assert.equal(reply, "15000");
  assert.equal(ask("/hb_ping?5000&appid=B"), "6000");
});

Deno.test("HeartbeatService learns in whole seconds if that is the unit", () => {
  const { station, ask } = stationAndService({ waiting: "learned", unit: "seconds" });
  let reply = ask("/hb_ping?5&appid=A");
  for (let beat = 0; beat < 5; beat++) {
    station.nowMs += 9_300;
    reply = ask("/hb_ping?5&appid=A");
  }
  assert.equal(reply, "10");
});

Deno.test("HeartbeatService leaves the replies alone unless told to learn", () => {
  const { station, ask } = stationAndService();
  for (let beat = 0; beat < 20; beat++) {
    station.nowMs += 17_000;
    assert.equal(ask("/hb_ping?5000&appid=A"), "6000");
  }
});

Deno.test("HeartbeatService tells its health", () => {
  let problem: string | undefined;
  const { station, service } = stationAndService({ problem: () => problem });
  assert.deepEqual(service.answer("/healthz", "127.0.0.1"), { outcome: "done", body: "ok\n" });
  problem = "Cannot write to the disk";
  assert.deepEqual(service.answer("/healthz", "127.0.0.1"), {
    outcome: "unwell",
    body: "Cannot write to the disk\n",
  });
  problem = undefined;
  service.answer("/hb_ping?0&appid=A", "127.0.0.1");
  station.nowMs = 7_000;
  assert.match(service.selfCheck(station.nowMs) ?? "", /^Cannot notice silence: .* 6000 ms$/);
  station.members.advance(station.nowMs);
  assert.equal(service.selfCheck(station.nowMs), undefined);
});

Deno.test("HeartbeatService opens its roster if nobody has", () => {
  const station = new VirtualStation();
  assert.equal(new HeartbeatService(station.options).roster, station.members.roster("hilbert"));
});

Deno.test("HeartbeatService refuses options that make no sense", () => {
  for (const options of [{ graceMs: 0 }, { graceMs: NaN }, { learnedMarginMsMax: 999 }]) {
    assert.throws(() => stationAndService(options), RangeError);
  }
});

Deno.test("heartbeatRules take identities apart", () => {
  const { parseId } = heartbeatRules();
  assert.deepEqual(parseId?.("a @ b @ 10.0.0.1"), {
    id: "a @ b @ 10.0.0.1",
    name: "a @ b",
    address: "10.0.0.1",
  });
  assert.equal(parseId?.("tetris"), undefined);
  assert.equal(parseId?.(`${"n".repeat(513)} @ 10.0.0.1`), undefined);
});

Deno.test("HeartbeatService takes a failure as the end, with its reason made visible", () => {
  const { station, service, ask } = stationAndService();
  ask("/hb_ping?5000&appid=a");
  const reason = encodeURIComponent(`exit | 7\u202e${"x".repeat(1_000)}`);
  assert.equal(ask(`/hb_fail?0&appid=a&reason=${reason}`), "Failure noted");
  const member = service.roster.get("a @ 127.0.0.1");
  assert.equal(member?.state, "lost");
  assert.equal(member?.failure?.length, 200);
  assert.match(
    ask("/status?0&appid=a"),
    /^CRITICAL - failed ID: \[a @ 127\.0\.0\.1\]: exit \/ 7\\u202ex/,
  );
  assert.equal(ask("/status?0&appid=a").split("|").length, 2, "one bar, before the figures");
  assert.match(ask("/status"), /^CRITICAL/);
  station.nowMs += 10_000;
  assert.match(ask("/status?0&appid=a"), /^CRITICAL - failed/, "also when it is gone");
  ask("/hb_ping?5000&appid=a");
  assert.equal(member?.failure, undefined, "its return ends it");
  assert.equal(ask("/hb_fail?0&appid=never-heard"), "Failure noted");
  assert.match(ask("/status?0&appid=never-heard"), /^CRITICAL - failed .*: no reason given\|/);
  assert.match(ask("/hb_fail?x&appid=a"), /^ERROR: cannot process/);
});

Deno.test("an expected application that says goodbye is missing, not forgotten", () => {
  const expected = [{ name: "a", address: "127.0.0.1" }];
  const { service, ask } = stationAndService({ expected });
  service.expect();
  ask("/hb_ping?5000&appid=a");
  ask("/hb_done?0&appid=a");
  assert.equal(service.roster.get("a @ 127.0.0.1")?.state, "lost");
  assert.equal(ask("/status"), "CRITICAL - no application record for expected ID: [a @ 127.0.0.1]");
  assert.equal(ask("/list"), "");
  ask("/hb_ping?5000&appid=a");
  assert.equal(service.roster.get("a @ 127.0.0.1")?.state, "ok");
});
