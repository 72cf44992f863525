import { strict as assert } from "node:assert";
import {
  ADDRESSES,
  encodeFrame,
  kindOfAddress,
  nextNumber,
  PAYLOAD_BYTES_MAX,
} from "../../../src/wire/hev/frame.ts";
import { FRAME_CASES } from "./frame_cases.ts";

for (const { name, bytes, frame } of FRAME_CASES) {
  Deno.test(`encodeFrame writes ${name}`, () => {
    assert.equal(encodeFrame(frame).toHex(), bytes.toHex());
  });
}

Deno.test("encodeFrame refuses a payload that no firmware takes", () => {
  const payload = new Uint8Array(PAYLOAD_BYTES_MAX + 1);
  assert.throws(
    () => encodeFrame({ kind: "information", address: ADDRESSES.data, number: 0, payload }),
    new RangeError("Cannot encode frame: payload has 122 bytes, must be <= 121"),
  );
});

Deno.test("kindOfAddress knows three addresses and ignores the reserved bit", () => {
  assert.equal(kindOfAddress(0xc0), "alarm");
  assert.equal(kindOfAddress(0x80), "command");
  assert.equal(kindOfAddress(0x40), "data");
  assert.equal(kindOfAddress(0x60), "data");
  assert.equal(kindOfAddress(0x00), undefined);
});

Deno.test("nextNumber wraps after 127", () => {
  assert.equal(nextNumber(0), 1);
  assert.equal(nextNumber(127), 0);
});
