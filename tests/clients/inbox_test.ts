import { strict as assert } from "node:assert";
import { HevPackets, PACKETS_WAITING_MAX } from "../../../src/clients/hev/packets.ts";
import type { HevPacket } from "../../../src/wire/hev/packet_reader.ts";

function packet(text: string): HevPacket {
  return { dialect: "nul", type: "keepalive", text };
}

Deno.test("HevPackets hands out packets in order, to a loop and to whoever asks first", async () => {
  const packets = new HevPackets(() => {});
  const first = packets.next();
  packets.offer(packet("1"));
  packets.offer(packet("2"));
  assert.equal((await first).value.text, "1");
  for await (const { text } of packets) {
    assert.equal(text, "2");
    break;
  }
  assert.equal((await packets.next()).done, true);
});

Deno.test("HevPackets drops the oldest for a slow reader, counted", async () => {
  const packets = new HevPackets(() => {});
  for (let n = 0; n < PACKETS_WAITING_MAX + 3; n++) packets.offer(packet(String(n)));
  assert.equal(packets.dropped, 3);
  assert.equal((await packets.next()).value.text, "3");
});

Deno.test("HevPackets ends once, after what waits", async () => {
  let ends = 0;
  const packets = new HevPackets(() => ends++);
  packets.offer(packet("1"));
  packets.end();
  packets.end();
  packets.offer(packet("2"));
  assert.equal((await packets.next()).value.text, "1");
  assert.equal((await packets.next()).done, true);
  assert.equal(ends, 1);
});
