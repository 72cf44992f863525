import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { fromColumn, toColumn } from "../../src/store/text.ts";

Deno.test("Any string comes back from a column, and what is in the column is well formed", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom("\\", "u", "0", "5c", "\0", "\uD800", "\uDC00", "a")).map((parts) =>
      parts.join("")
    ),
  );
  fc.assert(fc.property(text, (text) => {
    const column = toColumn(text);
    assert.equal(fromColumn(column), text);
    assert.ok(column.isWellFormed() && !column.includes("\0"));
  }));
});

Deno.test("Ordinary names stay as they are in a column", () => {
  for (const name of ["tetris @ 127.0.0.1", "Café 😀", "100 %", ""]) {
    assert.equal(toColumn(name), name);
  }
});
