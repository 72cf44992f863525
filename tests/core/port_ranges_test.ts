import { strict as assert } from "node:assert";
import { formatPortRanges, inPortRanges, parsePortRanges } from "../../src/core/port_ranges.ts";

Deno.test("parsePortRanges reads both of the kernel's forms", () => {
  assert.deepEqual(parsePortRanges("32768\t60999\n"), [[32768, 60999]]);
  assert.deepEqual(parsePortRanges("8080,54320-54322\n"), [[8080, 8080], [54320, 54322]]);
  assert.deepEqual(parsePortRanges("\n"), []);
  assert.deepEqual(parsePortRanges("x,9-1,1-70000"), []);
  assert.deepEqual(parsePortRanges("65535,65536,1-65536"), [[65535, 65535]]);
});

Deno.test("formatPortRanges joins neighbours and names each port once", () => {
  assert.equal(formatPortRanges([[5, 5], [3, 3], [4, 4], [9, 9], [4, 5]]), "3-5,9");
  assert.equal(formatPortRanges([[1, 9], [2, 3]]), "1-9");
  assert.equal(formatPortRanges([]), "");
});

Deno.test("inPortRanges counts both ends", () => {
  const ranges = parsePortRanges("3-5,9");
  assert.deepEqual([2, 3, 5, 6, 9].map((port) => inPortRanges(ranges, port)), [
    false,
    true,
    true,
    false,
    true,
  ]);
});
