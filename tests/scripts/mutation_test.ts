import { strict as assert } from "node:assert";
import { ImportGraph } from "../../scripts/mutation/import_graph.ts";
import { mutantsOf, withMutant } from "../../scripts/mutation/mutants.ts";
import { runMutants, type Verdict } from "../../scripts/mutation/run.ts";

const SOURCE = `export type Two = 2;
export function limit(count: number): number {
  if (count > 9) return 9;
  console.log("sum " + count);
  return count;
}
`;
const TEST = `import { limit } from "../../src/pure/limit.ts";
Deno.test("limit", () => {
  if (limit(10) !== 9 || limit(3) !== 3) throw new Error("wrong");
});
`;

Deno.test("mutantsOf changes operators, numbers and statements, not types and texts", () => {
  const mutants = mutantsOf(SOURCE);
  assert.deepEqual(
    mutants.map(({ line, original, replacement }) => [line, original, replacement]),
    [
      [3, ">", ">="],
      [3, "9", "10"],
      [3, "9", "10"],
      [4, 'console.log("sum " + count);', ";"],
    ],
  );
  const [first] = mutants;
  assert.ok(first !== undefined);
  assert.equal(withMutant(SOURCE, first), SOURCE.replace(">", ">="));
});

Deno.test("mutantsOf turns what is decided into its opposite", () => {
  const mutants = mutantsOf("export const a = (b: boolean) => b && true || false;");
  assert.deepEqual(
    mutants.map(({ original, replacement }) => `${original} ${replacement}`).sort(),
    ["&& ||", "false true", "true false", "|| &&"],
  );
});

Deno.test("runMutants tells what a test notices from what none does, and leaves the source alone", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const folder of ["src", "tests"]) {
      await Deno.mkdir(`${root}/${folder}/pure`, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/deno.json`, "{}");
    await Deno.writeTextFile(`${root}/src/pure/limit.ts`, SOURCE);
    await Deno.writeTextFile(`${root}/tests/pure/limit_test.ts`, TEST);
    const options = {
      root,
      folders: ["pure"],
      seed: 1,
      sample: 10,
      processes: 2,
      limitMs: 30_000,
    };
    const tried = await runMutants(options);
    const shown = (wanted: Verdict) =>
      tried.filter(({ verdict }) => verdict === wanted)
        .map(({ path, line, original }) => `${path}:${line} ${original}`).sort();
    // The test looks at both numbers; what is done with 9 itself, and what is printed, it does not.
    assert.deepEqual(shown("killed"), ["src/pure/limit.ts:3 9", "src/pure/limit.ts:3 9"]);
    assert.deepEqual(shown("survived"), [
      "src/pure/limit.ts:3 >",
      'src/pure/limit.ts:4 console.log("sum " + count);',
    ]);
    assert.equal(await Deno.readTextFile(`${root}/src/pure/limit.ts`), SOURCE);
    await Deno.writeTextFile(`${root}/tests/pure/limit_test.ts`, `${TEST}throw new Error();`);
    await assert.rejects(
      runMutants(options),
      /^Error: Cannot try mutants: without any, these tests fail: tests\/pure\/limit_test\.ts$/,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("runMutants finds tests of other layers by imports, and tries again what was tried", async () => {
  const root = await Deno.makeTempDir();
  try {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    };
    await write("src/pure/limit.ts", SOURCE);
    await write("tests/pure/other_test.ts", "");
    await write("tests/upper/user.ts", `export { limit } from "../../src/pure/limit.ts";`);
    await write("tests/upper/limit_test.ts", TEST.replace("../../src/pure/limit.ts", "./user.ts"));
    const [, number] = mutantsOf(SOURCE);
    assert.ok(number !== undefined);
    const tried = await runMutants({
      root,
      folders: ["pure"],
      seed: 1,
      sample: 0,
      // The file was shorter by a line when it was tried.
      again: [{ ...number, path: "src/pure/limit.ts", line: number.line - 1 }],
      processes: 1,
      limitMs: 30_000,
    });
    assert.deepEqual(
      tried.map(({ line, original, verdict }) => [line, original, verdict]),
      [[3, "9", "killed"]],
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("ImportGraph finds the tests that reach a file, the nearest first, through a program too", async () => {
  const root = await Deno.makeTempDir();
  try {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    };
    await write("src/pure/limit.ts", SOURCE);
    await write("tests/pure/child.ts", `import "../../src/pure/limit.ts";`);
    await write("tests/pure/a_test.ts", `new URL("child.ts", import.meta.url);`);
    await write("tests/pure/b_test.ts", `import { limit } from "../../src/pure/limit.ts";`);
    await write("tests/pure/c_test.ts", `import "./d.ts";`);
    const graph = await ImportGraph.read(root);
    const [near, far] = ["tests/pure/b_test.ts", "tests/pure/a_test.ts"];
    assert.deepEqual(graph.testsNear("src/pure/limit.ts", Infinity), [near, far]);
    assert.deepEqual(graph.testsNear("src/pure/limit.ts", 1), [near]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
