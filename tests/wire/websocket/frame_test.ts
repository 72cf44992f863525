import { strict as assert } from "node:assert";
import { concatenate } from "../../../src/wire/bytes/concatenate.ts";
import {
  encodeFrame,
  maskFrames,
  OPCODE,
  parseFrameHead,
  putFrameHead,
  unmask,
} from "../../../src/wire/websocket/frame.ts";

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

  Deno.test(`a WebSocket frame of ${payloadBytes} bytes is masked and unmasked, twice in a row`, () => {
    const payload = Uint8Array.from({ length: payloadBytes }, (_, at) => at);
    const frame = encodeFrame(OPCODE.binary, payload);
    const masked = maskFrames(concatenate([frame, frame]), () => 0x01020304);
    const headBytes = head.length / 2 + 4;
    for (const at of [0, headBytes + payloadBytes]) {
      const parsed = parseFrameHead(masked, at, masked.length);
      assert.deepEqual([parsed?.headBytes, parsed?.isMasked], [headBytes, true]);
      const mask = masked.slice(at + headBytes - 4, at + headBytes);
      assert.equal(mask.toHex(), "01020304");
      const read = masked.slice(at + headBytes, at + headBytes + payloadBytes);
      assert.ok(payloadBytes < 2 || read.toHex() !== payload.toHex());
      unmask(read, mask);
      assert.equal(read.toHex(), payload.toHex());
    }
    assert.equal(masked.length, 2 * (headBytes + payloadBytes));
  });
}

Deno.test("putFrameHead writes where it is told to, in a piece of a buffer too", () => {
  for (const { payloadBytes, head } of HEAD_CASES) {
    const target = new Uint8Array(40).subarray(8);
    const at = 5;
    assert.equal(putFrameHead(target, at, OPCODE.binary, payloadBytes), at + head.length / 2);
    assert.equal(target.subarray(at, at + head.length / 2).toHex(), head);
    assert.ok(target.subarray(0, at).every((byte) => byte === 0));
  }
});
