/**
 * The program as it is shipped: bundled, beside the files that it reads.
 *
 * @module
 */

import { run } from "./command.ts";

/** Where the bundle lies in the shipped tree; its sources reach `dumps/` two folders up. */
export const PROGRAM_FOLDER = "program/portable";
/** The bundle's first module. */
export const PROGRAM_MAIN: string = `${PROGRAM_FOLDER}/main.js`;

/**
 * Bundles the program into an empty folder. It is split at its lazy imports, so that a host loads only
 * the roles that it runs.
 *
 * @throws {Error} if it cannot be bundled.
 */
export async function stageProgram(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/${PROGRAM_FOLDER}`, { recursive: true });
  await run(Deno.execPath(), [
    "bundle",
    "--quiet",
    "--frozen",
    "--code-splitting",
    // The runtime keeps the source of every chunk in memory, even of those that it never runs.
    "--minify",
    // The trace of an error is to name the functions.
    "--keep-names",
    `--outdir=${folder}/${PROGRAM_FOLDER}`,
    "main.ts",
  ]);
  await Deno.mkdir(`${folder}/dumps`);
  for await (const { name, isFile } of Deno.readDir("dumps")) {
    if (isFile) await Deno.copyFile(`dumps/${name}`, `${folder}/dumps/${name}`);
  }
  await Deno.copyFile("LICENSE", `${folder}/LICENSE`);
}
