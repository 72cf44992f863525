import { strict as assert } from "node:assert";
import { visible, visibleCut } from "../../src/core/visible.ts";

Deno.test("visible shows every character that would move or hide others as an escape", () => {
  const codes = [
    ...[0x00, 0x07, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x34f, 0x61c, 0x180e, 0xfeff, 0xe0041, 0xd800],
    ...[0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d],
    ...[0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xfff9],
  ];
  for (const code of codes) {
    const shown = visible(`a${String.fromCodePoint(code)}b`);
    assert.match(shown, /^a\\(x..|u....|u\{.*\})b$/, code.toString(16));
    assert.equal(visible(shown), shown);
  }
  assert.equal(visible("a\r\n\tb"), "a\\r\\n\\tb");
});

Deno.test("visible leaves every readable script and emoji as it is", () => {
  for (const text of ["tetris @ 127.0.0.1", "Größe", "テトリス", "מִשְׂחָק", "❤️", "C:\\x"]) {
    assert.equal(visible(text), text);
  }
});

Deno.test("visibleCut keeps to its length, whatever is escaped", () => {
  assert.equal(visibleCut("abc", 3), "abc");
  assert.equal(visibleCut("abcd", 3), "ab…");
  assert.equal(visibleCut("\u202e".repeat(9), 8), "\\u202e\\…");
  assert.ok(visibleCut("😀😀", 2).isWellFormed());
});
