import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import {
  type HevPacket,
  PACKET_BYTES_MAX,
  PacketReader,
  parsePacket,
} from "../../../src/wire/hev/packet_reader.ts";
import { pieceLengths, piecesOf } from "./splits.ts";

const SEED = '{"sensors":{"version":160,"pressure_buffer":144},"alarms":["APNEA"]}';
const OLDEST = '{"sensors": {"version": 160}, "alarms": null}';
const NUL = '{"type":"DATA","DATA":{"version":170,"fsm_state":"IDLE"},"alarms":[' +
  '{"alarm_type":"PRIORITY_HIGH","alarm_code":"APNEA","note":"}{\\"\\\\"}]}';
const KEEPALIVE = '{"type":"keepalive"}';

const encoder = new TextEncoder();

function readAll(pieces: Iterable<Uint8Array>): { packets: HevPacket[]; skipped: number } {
  const reader = new PacketReader();
  const packets: HevPacket[] = [];
  for (const piece of pieces) reader.push(piece, (packet) => packets.push(packet));
  return { packets, skipped: reader.skipped };
}

Deno.test("PacketReader reads both dialects", () => {
  const { packets, skipped } = readAll([encoder.encode(`${SEED}${NUL}\0${KEEPALIVE}\0${OLDEST}`)]);
  assert.equal(skipped, 0);
  assert.deepEqual(packets.map(({ text }) => text), [SEED, NUL, KEEPALIVE, OLDEST]);
  const [seed, nul, keepalive, oldest] = packets;
  assert(seed?.dialect === "seed" && nul !== undefined && "values" in nul);
  assert.deepEqual(seed.alarms, ["APNEA"]);
  assert.equal(seed.values["pressure_buffer"], 144);
  assert.equal(nul.values["fsm_state"], "IDLE");
  assert(keepalive !== undefined && !("values" in keepalive));
  assert(oldest !== undefined && "alarms" in oldest);
  assert.deepEqual(oldest.alarms, []);
});

Deno.test("PacketReader reads the same however the stream is cut", () => {
  const stream = encoder.encode(`xx${SEED}${SEED}${NUL}\0${KEEPALIVE}\0{"a":{\0${SEED}`);
  const whole = readAll([stream]);
  assert.equal(whole.packets.length, 5);
  fc.assert(fc.property(pieceLengths(), (lengths) => {
    assert.deepEqual(readAll(piecesOf(stream, lengths)), whole);
  }));
});

Deno.test("PacketReader skips what is no packet and goes on", () => {
  const junk = ["[1]", "{}", '{"type":7}', '{"type":"DATA"}', '{"sensors":{},"alarms":[7]}', "17"];
  const { packets, skipped } = readAll([encoder.encode(junk.join("") + SEED)]);
  assert.deepEqual(packets.map(({ text }) => text), [SEED]);
  assert.ok(skipped >= junk.join("").length - 2);
});

Deno.test("PacketReader holds no more than one longest packet", () => {
  const reader = new PacketReader();
  const packets: HevPacket[] = [];
  const long = encoder.encode(`{"a":"${"x".repeat(PACKET_BYTES_MAX)}`);
  reader.push(long, (packet) => packets.push(packet));
  reader.push(encoder.encode(`"}\0${SEED}`), (packet) => packets.push(packet));
  assert.equal(packets.length, 1);
  assert.ok(reader.skipped > PACKET_BYTES_MAX);
});

Deno.test("parsePacket takes nothing from what objects inherit", () => {
  assert.equal(parsePacket('{"type":"constructor"}'), undefined);
  assert.equal(parsePacket('{"type":"__proto__","alarms":[]}'), undefined);
});
