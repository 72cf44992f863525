import { strict as assert } from "node:assert";
import { alarmEntry } from "../../../src/wire/hev/alarm_list.ts";
import { PAYLOAD_LAYOUTS } from "../../../src/wire/hev/layouts.ts";
import {
  encodeNulPacket,
  isBroadcast,
  KEEPALIVE_PACKET,
} from "../../../src/wire/hev/nul_packet.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";

function written(payload: Payload): string {
  const packet = encodeNulPacket(payload, []);
  assert.equal(packet.indexOf(0), packet.length - 1, "one NUL, at the end");
  return new TextDecoder().decode(packet.subarray(0, -1));
}

const alarm: Payload = {
  version: 0xb6,
  type: "ALARM",
  values: { version: 0xb6, timestamp: 9, payload_type: 6, alarm_type: 3, alarm_code: 1, param: 2 },
};

Deno.test("encodeNulPacket writes the payload under its type, states and modes as names", () => {
  assert.equal(
    written({
      version: 0xaa,
      type: "DATA",
      values: { version: 0xaa, timestamp: 5, payload_type: 1, fsm_state: 7, flow: 1.5 },
    }),
    '{"type":"DATA","DATA":{"version":170,"timestamp":5,"payload_type":"DATA",' +
      '"fsm_state":"INHALE","flow":1.5},"alarms":[]}',
  );
  const readback = { version: 0xaa, type: "READBACK", values: { ventilation_mode: 5 } } as const;
  assert.match(written(readback), /"ventilation_mode":"HEV_MODE_TEST"/);
  const target = { version: 0xb6, type: "TARGET", values: { mode: 100 } } as const;
  assert.match(written(target), /"mode":"CURRENT"/);
});

Deno.test("encodeNulPacket writes an alarm with names, and the list of alarms", () => {
  const packet = new TextDecoder().decode(encodeNulPacket(alarm, [alarmEntry(alarm)]));
  const object = '{"version":182,"timestamp":9,"payload_type":"ALARM",' +
    '"alarm_type":"PRIORITY_HIGH","alarm_code":"APNEA","param":2}';
  assert.equal(packet, `{"type":"ALARM","ALARM":${object},"alarms":[${object}]}\0`);
});

Deno.test("encodeNulPacket writes UNKNOWN for codes and null for numbers without a spelling", () => {
  const data = { version: 0xb6, type: "DATA", values: { fsm_state: 99, flow: NaN } } as const;
  assert.match(written(data), /"fsm_state":"UNKNOWN","flow":null/);
});

Deno.test("encodeNulPacket gives payloads without a time the time 0", () => {
  const data = { version: 0xa0, type: "DATA", values: { version: 0xa0, fsm_state: 5 } } as const;
  assert.match(written(data), /"timestamp":0,"payload_type":"DATA","fsm_state":"INHALE"/);
});

Deno.test("encodeNulPacket keeps the order of the fields of every layout", () => {
  for (const { version, type, layout } of PAYLOAD_LAYOUTS) {
    if (type === "ALARM") continue;
    const values = Object.fromEntries(layout.fields.map(({ name }) => [name, 0]));
    const keys = Object.keys(JSON.parse(written({ version, type, values }))[type]);
    const fields = layout.fields.map(({ name }) => name);
    const head = ["version", "timestamp", "payload_type"];
    assert.deepEqual(keys, [...head, ...fields.filter((name) => !head.includes(name))]);
  }
});

Deno.test("isBroadcast keeps messages and loop statistics from clients", () => {
  assert.equal(isBroadcast("LOGMSG"), false);
  assert.equal(isBroadcast("LOOP_STATUS"), false);
  assert.equal(isBroadcast("DATA"), true);
});

Deno.test("KEEPALIVE_PACKET is a packet without a payload", () => {
  assert.equal(new TextDecoder().decode(KEEPALIVE_PACKET), '{"type":"keepalive"}\0');
});
