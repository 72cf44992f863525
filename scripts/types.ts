/**
 * Checks all types: `deno task check`.
 *
 * The page runs in a browser and everything else in Deno; checked as one program, the types of both
 * would mix, so that each could use what only the other has.
 *
 * @module
 */

const ROOMS = ["main.ts", "mod.ts", "lib", "docs/examples", "src", "scripts", "tests"];
const PAGE = "src/console/page";
const PAGE_MAIN = `${PAGE}/main.ts`;

async function* filesIn(path: string): AsyncGenerator<string> {
  if (path.endsWith(".ts")) yield path;
  if ((await Deno.stat(path)).isFile || path === PAGE) return;
  for await (const entry of Deno.readDir(path)) {
    if (entry.isDirectory || entry.name.endsWith(".ts")) yield* filesIn(`${path}/${entry.name}`);
  }
}

async function check(files: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--lock=tests/deno.lock", "--frozen", ...files],
    stdin: "null",
  }).output().then((output) => {
    if (!output.success) Deno.stderr.writeSync(output.stderr);
    return output;
  });
  return success;
}

if (import.meta.main) {
  const files: string[] = [];
  for (const room of ROOMS) for await (const file of filesIn(room)) files.push(file);
  // One after the other: each takes both cores.
  const results = [await check(files), await check([PAGE_MAIN])];
  Deno.exit(results.every(Boolean) ? 0 : 1);
}
