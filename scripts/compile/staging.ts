/**
 * The program as it is shipped: bundled, beside the files that it reads.
 *
 * @module
 */

import { run } from "./command.ts";
import { refuseCostlyStart } from "./start_imports.ts";

/** Where the bundle lies in the shipped tree; its sources reach `dumps/` two folders up. */
export const PROGRAM_FOLDER = "program/portable";
/** The bundle's first module. */
export const PROGRAM_MAIN: string = `${PROGRAM_FOLDER}/main.js`;

/**
 * Bundles the program into an empty folder. It is split at its lazy imports, so that a host loads only
 * the roles that it runs.
 *
 * @throws {Error} if it cannot be bundled, holds a character that would double a module's memory, or
 * makes its start load what costs time.
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
    // The log library then leaves out what it would import of `node:util`, and never uses here.
    "--conditions=browser",
    `--outdir=${folder}/${PROGRAM_FOLDER}`,
    "main.ts",
  ]);
  await refuseWideModules(`${folder}/${PROGRAM_FOLDER}`);
  await refuseCostlyStart(`${folder}/${PROGRAM_FOLDER}`);
  await Deno.mkdir(`${folder}/dumps`);
  for await (const { name, isFile } of Deno.readDir("dumps")) {
    if (isFile) await Deno.copyFile(`dumps/${name}`, `${folder}/dumps/${name}`);
  }
  await Deno.copyFile("LICENSE", `${folder}/LICENSE`);
}

/**
 * A module with one character beyond Latin-1 takes twice its memory. The bundler escapes them, except
 * where they would read differently: in templates with a tag.
 */
async function refuseWideModules(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const source = await Deno.readTextFile(`${folder}/${name}`);
    const [found] = /.{0,40}[^\0-\xff].{0,20}/.exec(source) ?? [];
    if (found === undefined) continue;
    throw new Error(`Cannot ship ${name}: a template holds a character beyond Latin-1: ${found}`);
  }
}
