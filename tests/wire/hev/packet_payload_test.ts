import { strict as assert } from "node:assert";
import { encodeNulPacket, isBroadcast } from "../../../src/wire/hev/nul_packet.ts";
import { payloadOfAlarmName, payloadOfPacket } from "../../../src/wire/hev/packet_payload.ts";
import { parsePacket } from "../../../src/wire/hev/packet_reader.ts";
import { decodeRecordedPayload } from "../../../src/wire/hev/recorded_payload.ts";
import { readRecording } from "../../../src/wire/hev/recording.ts";
import { encodeSeedPacket } from "../../../src/wire/hev/seed_packet.ts";
import { SeedView } from "../../../src/wire/hev/seed_view.ts";
import { dumpBytes } from "./dumps.ts";

const decoder = new TextDecoder();

for (const name of ["dump-AA-20200526.dump", "B6-20200805.dump", "byteArray.dump"]) {
  Deno.test(`payloadOfPacket gives back every payload of ${name}`, () => {
    const recording = readRecording(dumpBytes(name));
    assert(!("reason" in recording));
    for (let index = 0; index < recording.length; index++) {
      const { payload } = recording.step(index, 0);
      if (!isBroadcast(payload.type)) continue;
      const text = decoder.decode(encodeNulPacket(payload, []).subarray(0, -1));
      const packet = parsePacket(text);
      assert(packet !== undefined);
      const bytes = payloadOfPacket(packet);
      assert(bytes !== undefined, `line ${index + 1}`);
      const again = decodeRecordedPayload(bytes);
      assert(again.type !== "unusable");
      // JSON knows no negative zero, so it is the packets that are equal byte for byte.
      assert.equal(decoder.decode(encodeNulPacket(again, []).subarray(0, -1)), text);
    }
  });
}

Deno.test("payloadOfPacket gives back the payloads of the older dialect", () => {
  const recording = readRecording(dumpBytes("byteArray.dump"));
  assert(!("reason" in recording));
  const view = new SeedView();
  for (let index = 0; index < recording.length; index++) {
    const { bytes, payload } = recording.step(index, 0);
    view.update(payload);
    const packet = parsePacket(decoder.decode(encodeSeedPacket(view.sensors(), [])));
    assert(packet !== undefined);
    assert.equal(payloadOfPacket(packet)?.toHex(), bytes?.toHex());
  }
});

Deno.test("payloadOfPacket gives nothing for what fits no payload", () => {
  for (
    const text of [
      '{"type":"keepalive"}',
      '{"sensors":{"version":160},"alarms":[]}',
      '{"sensors":{"version":7},"alarms":[]}',
      '{"type":"CMD","CMD":{"version":170,"timestamp":1.5,"cmd_type":1,"cmd_code":1,"param":0}}',
      '{"type":"CMD","CMD":{"version":170,"timestamp":"x","cmd_type":1,"cmd_code":1,"param":0}}',
      '{"type":"CMD","CMD":{"version":170,"timestamp":null,"cmd_type":1,"cmd_code":1,"param":0}}',
    ]
  ) {
    const packet = parsePacket(text);
    assert(packet !== undefined, text);
    assert.equal(payloadOfPacket(packet), undefined, text);
  }
});

Deno.test("payloadOfAlarmName makes the payload that raises an alarm", () => {
  assert.equal(payloadOfAlarmName(0xa0, "APNEA")?.toHex(), "a00100000000");
  assert.equal(payloadOfAlarmName(0xaa, "APNEA")?.toHex(), "aa0000000006030100000000");
  assert.equal(payloadOfAlarmName(0xa0, "NO_SUCH"), undefined);
});
