import { strict as assert } from "node:assert";
import {
  datagramKind,
  encodePing,
  encodeRegistration,
  isPing,
  PING_WORD,
  RECEIVE_BYTES,
} from "../../../src/wire/tix/datagram.ts";
import { DATAGRAM_CASES } from "./datagram_cases.ts";

for (const { name, bytes, kind, isPing: wakes } of DATAGRAM_CASES) {
  Deno.test(`a TiX datagram is told by its length and first bytes: ${name}`, () => {
    assert.equal(datagramKind(bytes.length), kind);
    assert.equal(datagramKind(Math.min(bytes.length, RECEIVE_BYTES)), kind, "cut off");
    assert.equal(isPing(bytes), wakes);
    assert.equal(isPing(bytes.subarray(0, RECEIVE_BYTES)), wakes, "cut off");
  });
}

Deno.test("encodePing is what a phone wakes up from", () => {
  assert.deepEqual([...encodePing()], [0x75, 0x61]);
  assert.equal(PING_WORD, 30_049);
  assert.ok(isPing(encodePing()));
});

Deno.test("encodeRegistration registers and wakes nobody", () => {
  assert.equal(datagramKind(encodeRegistration().length), "registration");
  assert.ok(!isPing(encodeRegistration()));
});
