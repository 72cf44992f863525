import { strict as assert } from "node:assert";
import { crc16 } from "../../../src/wire/hev/crc16.ts";

Deno.test("crc16 has the check values of CRC-16/X-25", () => {
  const encoder = new TextEncoder();
  assert.equal(crc16(encoder.encode("123456789")), 0x906e);
  assert.equal(crc16(encoder.encode("T")), 0xe4d9);
  assert.equal(crc16(new Uint8Array()), 0);
});
