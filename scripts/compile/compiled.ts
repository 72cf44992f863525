/**
 * The canonical form: what `deno compile` makes.
 *
 * @module
 */

import { run } from "./command.ts";
import { RUNTIME_FLAGS } from "./runtime_flags.ts";
import { PROGRAM_MAIN } from "./staging.ts";
import type { Target } from "./target.ts";

/**
 * Builds the canonical form. `DENORT_BIN` and Deno's cache are looked at before anything is
 * downloaded, by Deno itself. If `DENORT_BIN` names the whole of Deno, the file holds everything that it
 * should, and remains the deno command: only the runtime-only binary looks for a program inside itself.
 *
 * @param stage A folder that holds the staged program.
 * @param path The file to write.
 * @return Why it cannot be built here, if Deno's runtime-only binary is not available.
 * @throws {Error} if it fails for any other reason.
 */
export async function buildCompiled(
  { target, stage, path }: { target: Target; stage: string; path: string },
): Promise<string | undefined> {
  // The compiler overwrites nothing that it has not made itself, such as the portable form.
  await Deno.remove(path).catch(ignoreNotFound);
  try {
    await run(Deno.execPath(), [
      "compile",
      ...RUNTIME_FLAGS,
      "--no-check",
      "--include=dumps",
      `--target=${target.triple}`,
      `--output=${path}`,
      PROGRAM_MAIN,
    ], { cwd: stage });
    return undefined;
  } catch (error) {
    if (error instanceof Error && /Setting up base binary|denort/.test(error.message)) {
      return "Deno's runtime-only binary is neither here nor can it be downloaded " +
        "(DENORT_BIN may name it)";
    }
    throw error;
  }
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
