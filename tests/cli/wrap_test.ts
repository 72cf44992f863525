import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { describe, tabulate, wrap } from "../../src/cli/wrap.ts";

Deno.test("wrap breaks at blanks and lets a long word stand alone", () => {
  assert.deepEqual(wrap("a bb ccc dddddddd e", 4), ["a bb", "ccc", "dddddddd", "e"]);
});

Deno.test("wrap loses nothing", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 8, max: 40 }), (
    words,
    width,
  ) => {
    const lines = wrap(words.join(" "), width);
    assert.deepEqual(lines.join(" ").split(" "), words);
    assert(lines.every((line) => line.length <= width));
  }));
});

Deno.test("describe puts a text beside its term, and below one that is too long", () => {
  assert.equal(
    describe([["-a", "one two"], ["--long-option", "three"]], 30, { termWidth: 4 }),
    "  -a    one two\n  --long-option\n        three\n",
  );
});

Deno.test("tabulate lines up columns without blanks at the end", () => {
  assert.equal(tabulate([["A", "BB", ""], ["aaa", "b", "c"]]), "A    BB\naaa  b   c\n");
});
