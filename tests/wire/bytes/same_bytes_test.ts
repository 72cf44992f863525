import { strict as assert } from "node:assert";
import { sameBytes } from "../../../src/wire/bytes/same_bytes.ts";

Deno.test("sameBytes finds known bytes at a place only, and not beyond the end", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  for (
    const [known, start, found] of [
      [[2, 3], 1, true],
      [[2, 3], 0, false],
      [[1, 3], 0, false],
      [[9, 3], 1, false],
      [[3, 0], 2, false],
      [[], 9, true],
    ] as [number[], number, boolean][]
  ) {
    assert.equal(sameBytes(Uint8Array.from(known), bytes, start), found, `${known} at ${start}`);
  }
});
