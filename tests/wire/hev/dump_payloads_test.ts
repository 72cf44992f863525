import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import {
  payloadLine,
  readPayloadDump,
  writePayloadDump,
} from "../../../src/wire/hev/dump_payloads.ts";

Deno.test("readPayloadDump skips and counts lines that are no payload", () => {
  const dump = readPayloadDump(
    `b'a001'\r\n\nhello\nb'A0'\nb'a'\nb''\nb'${"00".repeat(122)}'\nb'b6e0`,
  );
  assert.deepEqual(dump.items.map((bytes) => bytes.toHex()), ["a001", "a0"]);
  assert.equal(dump.skipped, 5);
  assert.equal(
    dump.firstFault,
    `Cannot read recording: line 3 is "hello", must be b'hexadecimal digits'`,
  );
});

Deno.test("readPayloadDump has no fault in a good recording", () => {
  assert.equal(readPayloadDump("b'00'\n").firstFault, undefined);
  assert.equal(readPayloadDump("").items.length, 0);
});

Deno.test("readPayloadDump reads back whatever writePayloadDump writes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 121 })), (payloads) => {
      const text = writePayloadDump(payloads);
      assert.deepEqual(readPayloadDump(text).items, payloads);
      assert.equal(text, payloads.map(payloadLine).join(""));
    }),
  );
});
