import { strict as assert } from "node:assert";
import { ByteArena } from "../../../src/wire/bytes/byte_arena.ts";

Deno.test("ByteArena hands out no byte twice", () => {
  const small = new ByteArena(64);
  const prefix = new Uint8Array([200, 201]);
  const pieces = Array.from({ length: 20 }, (_, index) => small.take(prefix, 7).fill(index, 2));
  pieces.push(small.take(prefix, 50).fill(99, 2));
  for (const [index, piece] of pieces.entries()) {
    assert.deepEqual([...piece.subarray(0, 2)], [200, 201]);
    assert(piece.subarray(2).every((byte) => byte === (index === 20 ? 99 : index)));
  }
});
