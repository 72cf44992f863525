import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { decodePercent, decodeRaw } from "../../../src/wire/hilbert/percent.ts";

const bytes = fc.array(fc.nat(255), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes));

Deno.test("decodePercent undoes encodeURIComponent", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(decodePercent(encodeURIComponent(text.toWellFormed())), text.toWellFormed());
  }));
});

Deno.test("decodePercent and decodeRaw take any bytes", () => {
  fc.assert(fc.property(bytes, (text) => {
    assert(decodePercent(text).isWellFormed());
    assert(decodeRaw(text).isWellFormed());
  }));
});

Deno.test("decodePercent leaves what is not an escape", () => {
  for (const text of ["", "%", "%%", "%4", "%g0", "%0g", "% 41", "+", "%u0041"]) {
    assert.equal(decodePercent(text), text);
  }
});

Deno.test("decodeRaw leaves ASCII up to its end, and nothing beyond it", () => {
  assert.equal(decodeRaw("\x7f"), "\x7f");
  assert.equal(decodeRaw("\x80"), "\ufffd");
});

Deno.test("decodeRaw leaves escapes and decodes UTF-8", () => {
  assert.equal(decodeRaw("%41\xc3\xa4"), "%41ä");
});
