import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { FirstFew } from "../../src/core/first_few.ts";

Deno.test("FirstFew keeps what sorting everything would put first, and counts the rest", () => {
  fc.assert(fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 9 }), (all, limit) => {
    const few = new FirstFew<number>(limit, (one, other) => one - other);
    for (const each of all) few.add(each);
    const sorted = all.toSorted((one, other) => one - other);
    assert.deepEqual(few.list(), sorted.slice(0, limit));
    assert.equal(few.total, all.length);
  }));
});
