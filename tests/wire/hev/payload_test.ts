import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { ADDRESSES } from "../../../src/wire/hev/frame.ts";
import type { Field, FieldValue } from "../../../src/wire/hev/layout.ts";
import { PAYLOAD_LAYOUTS, TYPED_VERSION_MIN } from "../../../src/wire/hev/layouts.ts";
import { decodePayload, encodePayload } from "../../../src/wire/hev/payload.ts";
import { kindOfType, PAYLOAD_TYPES } from "../../../src/wire/hev/payload_type.ts";
import { hex } from "./frame_cases.ts";
import { PAYLOAD_CASES, UNUSABLE_CASES } from "./payload_cases.ts";

for (const { name, address, bytes, payload } of PAYLOAD_CASES) {
  Deno.test(`decodePayload and encodePayload agree on ${name}`, () => {
    assert.deepEqual(decodePayload(bytes, address), payload);
    assert.equal(encodePayload(payload, bytes.length).toHex(), bytes.toHex());
  });
}

for (const { name, address, bytes } of UNUSABLE_CASES) {
  Deno.test(`decodePayload has no use for ${name}`, () => {
    const payload = decodePayload(bytes, address);
    assert.equal(payload.type, "unusable");
    assert.match("reason" in payload ? payload.reason : "", /^Cannot use payload of \d+ bytes: /);
  });
}

Deno.test("decodePayload ignores the reserved bit of the address", () => {
  assert.equal(decodePayload(hex("a00100000000"), ADDRESSES.alarm | 0x20).type, "ALARM");
});

Deno.test("decodePayload takes every layout of the table, and no other length", () => {
  for (const { version, type, bytes } of PAYLOAD_LAYOUTS) {
    const payload = new Uint8Array(bytes);
    payload[0] = version;
    if (version >= TYPED_VERSION_MIN) payload[5] = PAYLOAD_TYPES.code(type) ?? 0;
    const address = ADDRESSES[kindOfType(type)];
    assert.equal(decodePayload(payload, address).type, type);
    // No two layouts of one version and type differ by one byte.
    assert.equal(decodePayload(payload.subarray(0, -1), address).type, "unusable");
  }
});

function anyValue(field: Field): fc.Arbitrary<FieldValue> {
  switch (field.type) {
    case "u8":
      return fc.nat(0xff);
    case "i8":
      return fc.integer({ min: -128, max: 127 });
    case "u16":
      return fc.nat(0xffff);
    case "u32":
      return fc.nat(0xffff_ffff);
    case "f32":
      return fc.float();
    default:
      return fc.string({ maxLength: field.bytes }).map((text) => text.replaceAll("\0", "."));
  }
}

Deno.test("encodePayload then decodePayload gives back every field of every layout", () => {
  for (const { version, type, bytes, layout } of PAYLOAD_LAYOUTS) {
    const values = fc.record(
      Object.fromEntries(layout.fields.map((field) => [field.name, anyValue(field)])),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(values, (some) => {
        const code = PAYLOAD_TYPES.code(type) ?? 0;
        const head = version < TYPED_VERSION_MIN ? { version } : { version, payload_type: code };
        const payload = { version, type, values: { ...some, ...head } };
        const encoded = encodePayload(payload, bytes);
        assert.deepEqual(decodePayload(encoded, ADDRESSES[kindOfType(type)]), payload);
      }),
      { numRuns: 20 },
    );
  }
});

Deno.test("encodePayload takes the shortest layout if none is asked for", () => {
  assert.equal(encodePayload({ version: 0xb6, type: "DATA", values: {} }).length, 77);
});

Deno.test("encodePayload refuses what no table has", () => {
  const payload = { version: 0xa0, type: "BATTERY", values: {} } as const;
  assert.throws(
    () => encodePayload(payload),
    new RangeError("Cannot encode payload: version 0xA0 has no such BATTERY"),
  );
  assert.throws(() => encodePayload({ version: 0xa1, type: "DATA", values: {} }, 31), RangeError);
});
