import { strict as assert } from "node:assert";
import { encodeFrame, OPCODE, parseFrameHead } from "../../../src/wire/websocket/frame.ts";

/** Lengths on both sides of each border, and the beginning of their frames (RFC 6455 section 5.2). */
const HEAD_CASES = [
  { payloadBytes: 0, head: "8200" },
  { payloadBytes: 1, head: "8201" },
  { payloadBytes: 125, head: "827d" },
  { payloadBytes: 126, head: "827e007e" },
  { payloadBytes: 65_535, head: "827effff" },
  { payloadBytes: 65_536, head: "827f0000000000010000" },
];

for (const { payloadBytes, head } of HEAD_CASES) {
  Deno.test(`a WebSocket frame of ${payloadBytes} bytes is written and read`, () => {
    const headBytes = head.length / 2;
    const frame = encodeFrame(OPCODE.binary, new Uint8Array(payloadBytes).fill(7));
    assert.equal(frame.length, headBytes + payloadBytes);
    assert.equal(frame.subarray(0, headBytes).toHex(), head);
    assert.ok(frame.subarray(headBytes).every((byte) => byte === 7));
    const parsed = parseFrameHead(frame, 0, headBytes);
    assert.deepEqual([parsed?.headBytes, parsed?.payloadBytes], [headBytes, payloadBytes]);
    assert.equal(parseFrameHead(frame, 0, headBytes - 1), undefined, "half a head");
  });
}
