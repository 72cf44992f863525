/** docs/conformance.md counts what the lists of cases hold, and names each deviation. */

import { strict as assert } from "node:assert";
import { placeOf } from "./listed.ts";
import { SECTIONS, SUITES } from "./suites.ts";

const PAGE = new URL("../../docs/conformance.md", import.meta.url);

/** The cells of all tables in a text, without rules. */
function cellsIn(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("|") && !/^\| -/.test(line))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()).join(" | "));
}

for (const section of SECTIONS) {
  Deno.test(`docs/conformance.md tells the truth about ${section.mark}`, async () => {
    const page = await Deno.readTextFile(PAGE);
    const { begin, end } = placeOf(page, section);
    const wanted = section.tables.flat()
      .map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | "));
    assert.deepEqual(
      cellsIn(page.slice(begin, end)),
      wanted,
      "deno run --allow-all tests/conformance/write_page.ts",
    );
  });
}

for (const { mark, cases } of SUITES) {
  Deno.test(`no two cases of ${mark} have one name`, () => {
    const names = cases.map(({ group, name }) => `${group}: ${name}`);
    assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
  });
}

Deno.test("docs/conformance.md names tests of the judges that exist", async () => {
  const page = await Deno.readTextFile(PAGE);
  const rows = cellsIn(page.slice(page.indexOf("## By the tools of others"))).slice(1);
  assert.ok(rows.length >= 6, `${rows.length} judges`);
  for (const row of rows) {
    const [, path = "", name = ""] = /`(tests\/\S+_test\.ts)`(?:: (.+))?$/.exec(row) ?? [];
    assert.notEqual(path, "", row);
    const text = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    // What a template puts in is an ellipsis.
    for (const part of name.split("…")) {
      assert.ok(text.includes(part), `${path}: no test "${name}"`);
    }
  }
});
