import { strict as assert } from "node:assert";
import { WebSocketReader } from "../../../src/wire/websocket/reader.ts";
import { hex } from "../zmq/transcript.ts";

const PING = "89 00";
const ENDS = [
  { name: "a close", bytes: "88 00", kind: "close" },
  { name: "a frame that it refuses", bytes: "83 00", kind: "violation" },
  { name: "a close whose code no peer may send", bytes: "88 02 00 00", kind: "violation" },
];

for (const { name, bytes, kind } of ENDS) {
  Deno.test(`WebSocketReader reads nothing after ${name}`, () => {
    const reader = new WebSocketReader({ peer: "server", messageBytesMax: 100 });
    reader.arrivals.put(hex(`${PING} ${bytes} ${PING}`));
    assert.equal(reader.next()?.kind, "ping");
    assert.equal(reader.next()?.kind, kind);
    assert.equal(reader.next(), undefined);
  });
}
