import { strict as assert } from "node:assert";
import { QUERY_CASES } from "../../wire/hev/query_cases.ts";
import { isKnownCommand } from "../../../src/wire/hev/commands.ts";
import { eventually, OldClient, Station } from "./station.ts";

const ACK = '{"type": "ack"}';
const NACK = '{"type": "nack"}';

Deno.test("HevRole counts nothing before something has come, and then each thing once", async () => {
  await using station = new Station();
  const counted = () =>
    Object.entries(station.role.metrics())
      .filter(([name, value]) => name.endsWith("_total") && value !== 0);
  assert.deepEqual(counted(), []);
  station.source.data(1);
  station.source.alarm("APNEA");
  assert.deepEqual(counted(), [["hev_values_total", 2], ["hev_alarms_raised_total", 1]]);
});

Deno.test("HevRole sends nothing before the first data, then both keys in every packet", async () => {
  await using station = new Station();
  using client = await station.listen();
  station.source.alarm("APNEA");
  station.source.data(145);
  const packet = await client.packet();
  assert.deepEqual(Object.keys(packet ?? {}), ["sensors", "alarms"]);
  assert.equal(packet?.sensors["pressure_buffer"], 145);
  assert.equal(packet?.sensors["version"], 160);
  assert.deepEqual(packet?.alarms, ["APNEA"]);
});

Deno.test("HevRole sends the same stream to both broadcast ports", async () => {
  await using station = new Station();
  using web = await station.listen(0);
  using native = await station.listen(1);
  station.source.data(7);
  assert.deepEqual(await web.packet(), await native.packet());
});

Deno.test("HevRole leaves a gap between packets and sends the latest values", async () => {
  await using station = new Station();
  using client = await station.listen();
  const seen: number[] = [];
  const times: number[] = [];
  for (let value = 1; value <= 30; value++) station.source.data(value);
  station.source.alarm("APNEA");
  for (let packets = 0; packets < 2; packets++) {
    const packet = await client.packet();
    times.push(performance.now());
    seen.push(packet?.sensors["pressure_buffer"] ?? NaN);
    if (packets === 1) assert.deepEqual(packet?.alarms, ["APNEA"]);
  }
  assert.deepEqual(seen, [1, 30]);
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) > 40, `gap ${(times[1] ?? 0) - (times[0] ?? 0)}`);
});

Deno.test("HevRole shows a newcomer the present values", async () => {
  await using station = new Station({ dialects: ["seed", "nul"] });
  station.source.data(9);
  using client = await station.listen(0);
  assert.equal((await client.packet())?.sensors["pressure_buffer"], 9);
  using nul = await station.listen(1);
  assert.equal((await nul.nulPacket())?.["type"], "DATA");
});

Deno.test("HevRole speaks the NUL dialect on a port that is set to it", async () => {
  await using station = new Station({ dialects: ["nul"] });
  using client = await station.listen();
  station.source.data(3);
  station.source.alarm("HIGH_RR");
  assert.equal((await client.nulPacket())?.["type"], "DATA");
  const packet = await client.nulPacket();
  assert.equal(packet?.["type"], "ALARM");
  const [alarm] = packet?.["alarms"] as { alarm_code: string; alarm_type: string }[];
  assert.equal(alarm?.alarm_code, "HIGH_RR");
  assert.equal(alarm?.alarm_type, "PRIORITY_MEDIUM");
});

Deno.test("HevRole keeps NUL clients awake for a controller of version 0xAA only", async () => {
  await using station = new Station({ dialects: ["nul"] });
  using client = await station.listen();
  station.source.listener.onPayload({
    version: 0xaa,
    type: "DATA",
    values: { version: 0xaa, timestamp: 1, fsm_state: 1 },
  });
  assert.equal((await client.nulPacket())?.["type"], "DATA");
  assert.deepEqual(await client.nulPacket(), { type: "keepalive" });
  station.source.data(1);
  let packet = await client.nulPacket();
  while (packet?.["type"] === "keepalive") packet = await client.nulPacket();
  assert.equal(packet?.["type"], "DATA");
  station.source.data(2);
  assert.equal((await client.nulPacket())?.["type"], "DATA");
});

Deno.test("HevRole lists an alarm until it is acknowledged, and again if it is raised again", async () => {
  await using station = new Station();
  using client = await station.listen();
  station.source.data(1);
  assert.deepEqual((await client.packet())?.alarms, []);
  station.source.alarm("APNEA");
  assert.deepEqual((await client.packet())?.alarms, ["APNEA"]);
  assert.equal(await station.ask('{"type":"alarm","ack":"OCCLUSION"}'), NACK);
  assert.equal(await station.ask('{"type":"alarm","ack":"APNEA"}'), ACK);
  assert.deepEqual((await client.packet())?.alarms, []);
  assert.equal(await station.ask('{"type":"alarm","ack":"APNEA"}'), NACK);
  station.source.alarm("APNEA");
  assert.deepEqual((await client.packet())?.alarms, ["APNEA"]);
});

Deno.test("HevRole lists alarms of an earlier run", async () => {
  const kept = new Map<string, string>();
  {
    await using first = new Station({}, kept);
    for (const name of ["OCCLUSION", "APNEA", "HIGH_RR"]) first.source.alarm(name);
    assert.equal(await first.ask('{"type":"alarm","ack":"APNEA"}'), ACK);
  }
  await using second = new Station({}, kept);
  second.source.data(1);
  using client = await second.listen();
  assert.deepEqual((await client.packet())?.alarms, ["OCCLUSION", "HIGH_RR"]);
  assert.equal(await second.ask('{"type":"alarm","ack":"OCCLUSION"}'), ACK);
  assert.equal(await second.ask('{"type":"alarm","ack":"HIGH_RR"}'), ACK);
  assert.equal(kept.size, 0);
});

Deno.test("HevRole raises ARDUINO_FAIL when the controller falls silent, and data ends the silence", async () => {
  await using station = new Station({ silenceMs: 150 });
  using client = await station.listen();
  station.source.data(1);
  await client.packet();
  assert.deepEqual((await client.packet())?.alarms, ["ARDUINO_FAIL"]);
  const roster = station.members.roster("hev");
  const member = roster?.get("arduino @ /dev/test");
  assert.equal(member?.state, "lost");
  assert.equal(station.role.metrics()["hev_link_up"], 0);
  station.source.data(2);
  assert.equal(member?.state, "ok");
  assert.equal(station.role.metrics()["hev_link_up"], 1);
  // Data ends the silence, an operator ends the alarm.
  assert.deepEqual((await client.packet())?.alarms, ["ARDUINO_FAIL"]);
  const states = station.takeEvents().flatMap((event) =>
    event.type === "member-state" ? [`${event.to} by ${event.cause}`] : []
  );
  assert.deepEqual(states, [
    "starting by announced",
    "ok by heard",
    "late by silence",
    "lost by silence",
    "ok by heard",
  ]);
});

Deno.test("HevRole raises ARDUINO_FAIL for a controller that was never heard", async () => {
  await using station = new Station({ silenceMs: 100 });
  await eventually(() => station.role.alarms.length > 0, "the alarm");
  assert.equal(station.role.alarms[0]?.alarm_code, "ARDUINO_FAIL");
  using client = await station.listen();
  station.source.data(4);
  assert.deepEqual((await client.packet())?.alarms, ["ARDUINO_FAIL"]);
});

Deno.test("HevRole raises no alarm for a silence in maintenance", async () => {
  await using station = new Station({ silenceMs: 60 });
  station.source.data(1);
  const ref = { id: "arduino @ /dev/test", name: "arduino", address: "/dev/test" };
  station.members.roster("hev")?.pause(ref, { reason: "", until: Infinity }, performance.now());
  const quiet = performance.now() + 200;
  await eventually(() => performance.now() > quiet, "some time");
  assert.deepEqual(station.role.alarms, []);
});

Deno.test("HevRole answers every request of the case table in its dialect", async () => {
  await using station = new Station();
  for (const { name, bytes, dialect, query } of QUERY_CASES) {
    station.source.refusal = query !== "refused" && query.type === "command" &&
        !isKnownCommand(query.command.cmdtype, query.command.cmd)
      ? { type: "refused", reason: "unknown" }
      : undefined;
    if (query !== "refused" && query.type === "acknowledge") station.source.alarm("APNEA");
    const isListed = query !== "refused" && query.type === "acknowledge" &&
      station.role.alarms.some(({ alarm_code }) => alarm_code === query.name);
    const good = query !== "refused" && query.type !== "refused" &&
      (query.type !== "acknowledge" || isListed) && station.source.refusal === undefined;
    const end = dialect === "nul" ? "\0" : "";
    assert.equal(await station.ask(bytes), (good ? ACK : NACK) + end, name);
  }
});

Deno.test("HevRole answers requests of the oldest generation that are no more with nack", async () => {
  await using station = new Station();
  for (
    const request of [
      '{"type":"setmode","mode":"PRVC"}',
      '{"type":"setthresholds","thresholds":{}}',
      '{"type":"setup","mode":"CPAP"}',
      '{"type":"broadcast"}',
      '{"type":"DATA"}',
      "[1,2,3]",
      "17",
      "nonsense",
      '{"type":"cmd","cmdtype":"constructor","cmd":"__proto__","param":"x"}',
      `{"type":"cmd","cmdtype":"${"x".repeat(5_000)}"}`,
    ]
  ) {
    assert.match(await station.ask(request), /^\{"type": "nack"\}\0?$/, request.slice(0, 60));
  }
  assert.equal(await station.ask(Uint8Array.of(0xff, 0xfe, 0x00)), NACK + "\0");
});

Deno.test("HevRole closes half requests and silent clients in time, without harm to others", async () => {
  await using station = new Station({ firstByteMs: 200, requestMs: 200 });
  using silent = await OldClient.connect(station.queryPort);
  using half = await OldClient.connect(station.queryPort);
  await half.conn.write(new TextEncoder().encode('{"type":"cmd",'));
  assert.equal(
    await station.ask('{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":1}'),
    ACK,
  );
  assert.equal(await half.packet(), undefined);
  assert.equal(await silent.packet(), undefined);
  assert.equal(station.source.requests.length, 1);
});

Deno.test("HevRole takes a request in pieces, and one whose NUL never comes", async () => {
  await using station = new Station();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: station.queryPort });
  conn.setNoDelay(true);
  const text = '{"type":"CMD","cmdtype":"GENERAL","cmd":"STOP","param":null}';
  for (const character of text) await conn.write(new TextEncoder().encode(character));
  const buffer = new Uint8Array(300);
  const count = await conn.read(buffer) ?? 0;
  assert.equal(new TextDecoder().decode(buffer.subarray(0, count)), ACK);
  assert.equal(station.source.requests.length, 1);
});

Deno.test("HevRole goes on sending to a client that has closed its own sending side", async () => {
  await using station = new Station();
  using client = await station.listen();
  await client.conn.closeWrite();
  for (let value = 1; value <= 3; value++) {
    station.source.data(value);
    assert.equal((await client.packet())?.sensors["pressure_buffer"], value);
  }
});

Deno.test("HevRole forgets a client that has gone", async () => {
  await using station = new Station();
  const client = await station.listen();
  client.close();
  let value = 0;
  await eventually(() => {
    station.source.data(++value);
    return station.role.metrics()["hev_clients"] === 0;
  }, "the client is forgotten");
});

Deno.test("HevRole ends its source and its connections when it stops", async () => {
  const station = new Station();
  using client = await station.listen();
  await station.role.stop();
  assert.equal(await client.packet(), undefined);
  assert.equal(station.source.isClosed, true);
  assert.match(station.role.selfCheck(0) ?? "", /stopped/);
  await station.role.stop();
});
