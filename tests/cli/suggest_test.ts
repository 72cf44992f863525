import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { didYouMean, editDistance, suggest } from "../../src/cli/suggest.ts";

Deno.test("suggest finds what was mistyped", () => {
  const names = ["check", "beat", "members", "completions"];
  assert.equal(suggest("chekc", names), "check");
  assert.equal(suggest("BEAT", names), "beat");
  assert.equal(suggest("member", names), "members");
  assert.equal(suggest("complections", names), "completions");
});

Deno.test("suggest does not guess wildly", () => {
  assert.equal(suggest("frobnicate", ["check", "beat"]), undefined);
  assert.equal(suggest("x".repeat(65), ["x".repeat(65)]), undefined);
  assert.equal(didYouMean("frobnicate", ["check"]), "");
});

Deno.test("editDistance counts a swap of neighbours once", () => {
  assert.equal(editDistance("heartbaet", "heartbeat"), 1);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
});

Deno.test("editDistance is a symmetric distance", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(fc.property(word, word, (a, b) => {
    const distance = editDistance(a, b);
    assert.equal(distance, editDistance(b, a));
    assert.equal(distance === 0, a === b);
    assert(distance <= Math.max(a.length, b.length));
  }));
});
