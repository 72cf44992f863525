import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { HandlePool } from "../../src/core/handle_pool.ts";
import { NONE } from "../../src/core/slot_lists.ts";

Deno.test("HandlePool finds a live handle's entry and no stale one's, however entries are reused", () => {
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 400 }), (dice) => {
    const pool = new HandlePool<number>(1);
    const live = new Map<number, number>();
    const stale: number[] = [];
    for (const [turn, die] of dice.entries()) {
      const handle = [...live.keys()][die % Math.max(live.size, 1)];
      if (die % 2 === 0 || handle === undefined) {
        if (pool.full) pool.grow(pool.capacity * 2);
        live.set(pool.handle(pool.take(turn)), turn);
      } else {
        pool.release(pool.find(handle));
        live.delete(handle);
        stale.push(handle);
      }
      assert.equal(pool.size, live.size);
      for (const [handle, value] of live) assert.equal(pool.value(pool.find(handle)), value);
      for (const handle of stale) assert.equal(pool.find(handle), NONE);
    }
  }));
});

Deno.test("HandlePool uses given-back entries before new ones", () => {
  const pool = new HandlePool<string>(2);
  const first = pool.take("a");
  assert.equal(pool.take("b"), 1);
  assert.equal(pool.full, true);
  pool.release(first);
  assert.equal(pool.full, false);
  assert.equal(pool.take("c"), first);
  assert.equal(pool.value(first), "c");
});

Deno.test("HandlePool states its own misuse", () => {
  const pool = new HandlePool<string>(1);
  const index = pool.take("a");
  assert.throws(() => pool.take("b"), /grown before it overflows/);
  pool.release(index);
  assert.throws(() => pool.release(index), /only an entry in use/);
  assert.throws(() => pool.release(7), /only an entry in use/);
});

Deno.test("HandlePool knows no handle that it never gave out", () => {
  const pool = new HandlePool<string>(4);
  pool.take("a");
  for (const handle of [-1, 0, 1, 0.5, 2 ** 24 + 1, 2 ** 25, NaN, Infinity, -Infinity]) {
    assert.equal(pool.find(handle), NONE, `${handle}`);
  }
});
