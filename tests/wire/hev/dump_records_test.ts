import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { readRecordDump, writeRecordDump } from "../../../src/wire/hev/dump_records.ts";
import { hex } from "./frame_cases.ts";

Deno.test("readRecordDump skips and counts records that are none, and odd bytes at the end", () => {
  const good = "a01b" + "01".repeat(25);
  const dump = readRecordDump(hex(good + "a11b" + "01".repeat(25) + good + "a01b01"));
  assert.equal(dump.items.length, 2);
  assert.equal(dump.skipped, 2);
  assert.equal(
    dump.firstFault,
    "Cannot read recording: record 1 begins with 161, 27, must be 160, 27",
  );
  assert.match(readRecordDump(hex("a01b")).firstFault ?? "", /the last record has 2 bytes/);
});

Deno.test("readRecordDump reads back whatever writeRecordDump writes, in both byte orders", () => {
  const payload = fc.uint8Array({ minLength: 26, maxLength: 26 }).map((bytes) => {
    bytes[0] = 0xa0;
    return bytes;
  });
  const byteOrder = fc.constantFrom("little-endian" as const, "big-endian");
  fc.assert(
    fc.property(fc.array(payload), byteOrder, (payloads, byteOrder) => {
      const before = payloads.map((bytes) => bytes.toHex());
      const dump = readRecordDump(writeRecordDump(payloads, { byteOrder }), { byteOrder });
      assert.deepEqual(dump.items.map((bytes) => bytes.toHex()), before);
      assert.deepEqual(payloads.map((bytes) => bytes.toHex()), before, "left as they were");
    }),
  );
});

Deno.test("writeRecordDump refuses other payloads", () => {
  assert.throws(
    () => writeRecordDump([hex("a00100000000")]),
    new RangeError("Cannot record payload: it has version 160 and 6 bytes, must be 160 and 26"),
  );
});
