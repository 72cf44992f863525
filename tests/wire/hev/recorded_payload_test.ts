import { strict as assert } from "node:assert";
import { ADDRESSES, kindOfAddress } from "../../../src/wire/hev/frame.ts";
import {
  decodeRecordedPayload,
  kindOfRecorded,
  shiftTimestamp,
  timestampOf,
} from "../../../src/wire/hev/recorded_payload.ts";
import { hex } from "./frame_cases.ts";
import { PAYLOAD_CASES, UNUSABLE_CASES } from "./payload_cases.ts";

Deno.test("kindOfRecorded tells data from alarms by length, and never sees old commands", () => {
  for (const { address, bytes } of PAYLOAD_CASES) {
    const expected = address === ADDRESSES.command ? "alarm" : kindOfAddress(address);
    assert.equal(kindOfRecorded(bytes), expected);
  }
});

Deno.test("kindOfRecorded goes by the payload's type since version 0xA2", () => {
  assert.equal(kindOfRecorded(hex("aa0000000005010100000000")), "command");
  assert.equal(kindOfRecorded(hex("aa0000000006030100000000")), "alarm");
  assert.equal(kindOfRecorded(hex("b6000000000b".padEnd(26, "0"))), "data");
  assert.equal(kindOfRecorded(hex("b6000000000b")), undefined);
});

Deno.test("decodeRecordedPayload has no use for what no table knows", () => {
  for (const name of ["an empty payload", "0xB6 type 99", "0xA0 data cut short"]) {
    const bytes = UNUSABLE_CASES.find((unusable) => unusable.name === name)?.bytes;
    assert.ok(bytes !== undefined);
    assert.equal(decodeRecordedPayload(bytes).type, "unusable");
    assert.equal(timestampOf(bytes), undefined);
  }
});

Deno.test("shiftTimestamp moves the time on in a copy, wherever the layout keeps it", () => {
  for (const { name, bytes } of PAYLOAD_CASES) {
    const before = bytes.toHex();
    const time = timestampOf(bytes);
    const shifted = shiftTimestamp(bytes, 1000);
    assert.equal(bytes.toHex(), before);
    assert.equal(timestampOf(shifted), time === undefined ? undefined : time + 1000, name);
    if (time === undefined) assert.equal(shifted.toHex(), before);
  }
});

Deno.test("shiftTimestamp wraps with the controller's clock", () => {
  const bytes = hex("aaffffffff06030100000000");
  assert.equal(timestampOf(shiftTimestamp(bytes, 3)), 2);
});
