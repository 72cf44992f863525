/**
 * Checks all types: `deno task check`.
 *
 * The page runs in a browser and everything else in Deno; checked as one program, the types of both
 * would mix, so that each could use what only the other has.
 *
 * @module
 */

import { sourcesBelow } from "../tests/support/files_below.ts";

const ROOMS = ["main.ts", "mod.ts", "lib", "docs/examples", "src", "scripts", "tests"];
const PAGE = "src/console/page";

function filesIn(room: string): string[] {
  if (room.endsWith(".ts")) return [room];
  return sourcesBelow(room).map((path) => `${room}/${path}`)
    .filter((path) => !path.startsWith(`${PAGE}/`));
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
  const pages = [...Deno.readDirSync(PAGE)].map(({ name }) => `${PAGE}/${name}`)
    .filter((path) => path.endsWith(".ts"));
  // One after the other: each takes both cores.
  const results = [await check(ROOMS.flatMap(filesIn)), await check(pages)];
  Deno.exit(results.every(Boolean) ? 0 : 1);
}
