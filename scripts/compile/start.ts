/**
 * Starting what was built, before it is called built.
 *
 * @module
 */

import { VERSION } from "../../src/version.ts";
import type { Target } from "./target.ts";

/** What a built file turned out to be. */
export type Started =
  /** It says that it is this Pulsebox. */
  | "pulsebox"
  /** It is the deno command: `DENORT_BIN` named the whole of Deno in place of its runtime. */
  | "deno"
  /** It is for another kind of machine, and nothing here emulates that. */
  | "not-started";

/** A start under emulation takes several seconds. */
const START_MS_MAX = 120_000;
/** Where Debian's libc6-arm64-cross puts the loader and the libraries. */
const FOREIGN_LIBRARIES: Readonly<Record<string, string>> = { aarch64: "/usr/aarch64-linux-gnu" };

/**
 * Starts a built file with `version --json`.
 *
 * @param cache A folder where the portable form may unpack itself.
 * @throws {Error} if it does not say that it is this version in this form for this target.
 */
export async function startBuilt(
  { target, form, path, cache }: {
    target: Target;
    form: "compiled" | "portable";
    path: string;
    cache: string;
  },
): Promise<Started> {
  const command = target.triple === Deno.build.target ? [path] : emulated(target, form, path);
  if (command === undefined) return "not-started";
  const said = await versionSaidBy(command, cache);
  if (said === undefined) return "not-started";
  const { success, stdout, stderr } = said;
  if (/unrecognized subcommand 'version'/.test(stderr)) return "deno";
  if (!success) throw new Error(`Cannot start ${path}: ${stderr.trim() || stdout.trim()}`);
  const report = JSON.parse(stdout) as { pulsebox: string; form: string; target: string };
  const isRight = report.pulsebox === VERSION && report.form === form &&
    report.target === target.triple;
  if (!isRight) throw new Error(`Cannot use ${path}: it says that it is ${stdout.trim()}`);
  return "pulsebox";
}

/** The launcher of the portable form is a shell file, which no emulator runs. */
function emulated(target: Target, form: string, path: string): string[] | undefined {
  const libraries = FOREIGN_LIBRARIES[target.machine];
  if (form !== "compiled" || libraries === undefined) return undefined;
  return [`qemu-${target.machine}-static`, "-L", libraries, path];
}

/** What a command says to `version --json`; `undefined` if it is not installed. */
async function versionSaidBy(
  [program = "", ...args]: readonly string[],
  cache: string,
): Promise<{ success: boolean; stdout: string; stderr: string } | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args, "version", "--json"],
      env: { NO_COLOR: "1", XDG_CACHE_HOME: cache },
      stdin: "null",
      signal: AbortSignal.timeout(START_MS_MAX),
    }).output();
    const decoder = new TextDecoder();
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
