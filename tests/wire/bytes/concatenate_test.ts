import { strict as assert } from "node:assert";
import { concatenate } from "../../../src/wire/bytes/concatenate.ts";

Deno.test("concatenate copies nothing for one piece", () => {
  const piece = Uint8Array.of(1, 2);
  assert.equal(concatenate([piece]), piece);
  assert.deepEqual(concatenate([piece, piece]), Uint8Array.of(1, 2, 1, 2));
  assert.deepEqual(concatenate([]), new Uint8Array(0));
});
