/** docs/faults.md names tests that exist, and no test of a fault is missing there. */

import { strict as assert } from "node:assert";

const ROOT = new URL("../", import.meta.url);
const PAGE = new URL("docs/faults.md", ROOT);
const FAULTS_MIN = 50;

/** The last cell of a row: a file, the name of a test, and a scene of it if it has several. */
const TEST_CELL = /^`(tests\/\S+_test\.ts)`: (.+?)(?: › (.+))?$/;

/** What tests the machines that look for faults, and a host without any. */
const NO_FAULTS: ReadonlySet<string> = new Set([
  "kill9_journal_test.ts",
  "default_ports_test.ts",
  "entrances_test.ts",
]);

interface Row {
  readonly fault: string;
  readonly expected: string;
  readonly cell: string;
}

function rowsOf(text: string): Row[] {
  return text.split("\n").filter((line) => /^\| (?!-|fault )/.test(line)).map((line) => {
    const [fault = "", expected = "", cell = ""] = line.split("|").slice(1, -1)
      .map((part) => part.trim());
    return { fault, expected, cell };
  });
}

/** The names of a file's tests; what a template puts in is an ellipsis. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/Deno\.test\(\s*(?:\{\s*name:\s*)?(["`])((?:(?!\1)[^\\]|\\.)*)\1/g)]
    .map(([, , name = ""]) => name.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…"));
}

Deno.test("docs/faults.md names a test that exists for each fault", async () => {
  const rows = rowsOf(await Deno.readTextFile(PAGE));
  assert.ok(rows.length >= FAULTS_MIN, `${rows.length} faults`);
  for (const { fault, expected, cell } of rows) {
    const [, path = "", name = "", scene] = TEST_CELL.exec(cell) ?? [];
    assert.ok(fault !== "" && expected !== "" && path !== "", `${fault}: ${cell}`);
    const text = await Deno.readTextFile(new URL(path, ROOT));
    assert.ok(namesIn(text).includes(name), `${fault}: ${path} has no test "${name}"`);
    if (scene === undefined) continue;
    assert.match(text, new RegExp(`^ +"?${scene}"?: "`, "m"), `${fault}: no scene "${scene}"`);
  }
});

Deno.test("docs/faults.md leaves out no test and no scene of tests/faults", async () => {
  const page = await Deno.readTextFile(PAGE);
  for await (const { name } of Deno.readDir(new URL("tests/faults", ROOT))) {
    if (!name.endsWith("_test.ts")) continue;
    const path = `tests/faults/${name}`;
    const text = await Deno.readTextFile(new URL(path, ROOT));
    if (!NO_FAULTS.has(name)) {
      assert.ok(
        page.includes(`\`${path}\``),
        `${path} has no row in docs/faults.md, nor is it one of NO_FAULTS`,
      );
    }
    const [, scenes = ""] = /const SCENES[^=]*= \{\n((?: {2}.*\n)*)\}/.exec(text) ?? [];
    for (const [, scene = ""] of scenes.matchAll(/^ {2}"?([^":]+)"?: "/gm)) {
      assert.ok(
        page.includes(` › ${scene} |`) || page.includes(` › ${scene} `),
        `${path}: ${scene}`,
      );
    }
  }
});
