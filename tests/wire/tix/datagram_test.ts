import { strict as assert } from "node:assert";
import { datagramKind, isPing, PING_WORD, RECEIVE_BYTES } from "../../../src/wire/tix/datagram.ts";
import { DATAGRAM_CASES } from "./datagram_cases.ts";

for (const { name, bytes, kind, isPing: wakes } of DATAGRAM_CASES) {
  Deno.test(`a TiX datagram is told by its length and first bytes: ${name}`, () => {
    assert.equal(datagramKind(bytes.length), kind);
    assert.equal(datagramKind(Math.min(bytes.length, RECEIVE_BYTES)), kind, "cut off");
    assert.equal(isPing(bytes), wakes);
    assert.equal(isPing(bytes.subarray(0, RECEIVE_BYTES)), wakes, "cut off");
  });
}

for (const { name, bytes, encode } of DATAGRAM_CASES) {
  if (encode === undefined) continue;
  Deno.test(`a TiX datagram is written byte for byte: ${name}`, () => {
    assert.deepEqual([...encode()], [...bytes]);
  });
}

Deno.test("PING_WORD is the number that phones compare with", () => {
  assert.equal(PING_WORD, 30_049);
});
