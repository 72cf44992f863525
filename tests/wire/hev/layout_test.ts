import { strict as assert } from "node:assert";
import { Layout } from "../../../src/wire/hev/layout.ts";

Deno.test("Layout reads and writes every type of field, little-endian", () => {
  const layout = new Layout(`
    u8    a          # a comment
    i8    b
    pad2
    u16   c
    u32   d
    f32   e
    text4 f
  `);
  const values = { a: 255, b: -1, c: 0x0102, d: 0xfffefdfc, e: 1.5, f: "é" };
  const bytes = layout.encode(values);
  assert.equal(bytes.toHex(), "ffff00000201fcfdfeff0000c03fc3a90000");
  assert.equal(layout.bytes, bytes.length);
  assert.deepEqual(layout.decode(bytes), values);
});

Deno.test("Layout reads from the middle of a buffer", () => {
  const layout = new Layout("u16 a");
  assert.deepEqual(layout.decode(Uint8Array.of(9, 9, 1, 2).subarray(2)), { a: 0x0201 });
});

Deno.test("Layout reads text without a NUL to its end and replaces malformed UTF-8", () => {
  const layout = new Layout("text3 a");
  assert.deepEqual(layout.decode(new TextEncoder().encode("abc")), { a: "abc" });
  assert.deepEqual(layout.decode(Uint8Array.of(0x61, 0xff, 0)), { a: "a\ufffd" });
});

Deno.test("Layout writes 0 for what has no value, and takes no inherited one", () => {
  assert.equal(new Layout("u8 a toString\ntext1 b").encode({ a: 1 }).toHex(), "010000");
});

Deno.test("Layout refuses values of the wrong type and text that is too long", () => {
  assert.throws(() => new Layout("u8 a").encode({ a: "1" }), TypeError);
  assert.throws(() => new Layout("text1 a").encode({ a: 1 }), TypeError);
  assert.throws(() => new Layout("text1 a").encode({ a: "é" }), RangeError);
});

Deno.test("Layout refuses descriptions with unknown types and names that occur twice", () => {
  assert.throws(() => new Layout("u64 a"), SyntaxError);
  assert.throws(() => new Layout("u8 a\nu8 a"), SyntaxError);
});
