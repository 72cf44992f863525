import { strict as assert } from "node:assert";
import { visible } from "../../src/core/visible.ts";
import { visibleJson } from "../../src/core/visible_json.ts";

Deno.test("visibleJson hides nothing, and means the same", () => {
  const value = ["\u009b2J", "a\u202eb\u2028c", "\x7f\ud800 \u{e0041}", "Größe ❤️", "a\nb\tc"];
  const shown = visibleJson(JSON.stringify(value, undefined, 1));
  assert.deepEqual(JSON.parse(shown), value);
  assert.equal(visible(shown.replaceAll("\n", "")), shown.replaceAll("\n", ""));
});
