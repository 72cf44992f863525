/**
 * How this program was started: from its source, or from one of the two kinds of executable.
 *
 * @module
 */

import { blockUserSignal, ignoreUserSignal } from "../net/user_signal.ts";

/**
 * - `compiled`: one file, made by `deno compile`.
 * - `portable`: one file that unpacked itself, see `scripts/compile/launcher.sh`.
 * - `package`: a Debian package has unpacked it, see `scripts/package/system_launcher.sh`.
 * - `source`: Deno runs the repository.
 */
export type ProgramForm = "compiled" | "portable" | "package" | "source";

/** Where the portable form keeps the program's first module. */
const PORTABLE_MAIN = "/program/portable/main.js";

/** Tells the form of the running program. */
export function programForm(): ProgramForm {
  if (Deno.build.standalone) return "compiled";
  if (!Deno.mainModule.endsWith(PORTABLE_MAIN)) return "source";
  return launcherFile === undefined ? "package" : "portable";
}

/** The part of `Deno.env` that is changed here. */
export interface MutableEnvironment {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  delete(name: string): void;
}

/** Variables that a launcher sets for Deno. */
const LAUNCHER_VARIABLES = ["DENO_NO_UPDATE_CHECK", "DENO_NO_PACKAGE_JSON"] as const;
/** Those of which it keeps the earlier value. */
const REPLACED_VARIABLES = ["DENO_DIR", "MALLOC_ARENA_MAX"] as const;
/** Where it keeps them: the name follows. */
const OUTER = "PULSEBOX_OUTER_";
/** Where the portable form's launcher tells its own path. */
const LAUNCHER_FILE = "PULSEBOX_LAUNCHER_FILE";

/** Where it names the signal that it has blocked. */
const BLOCKED = "PULSEBOX_BLOCKED";

let launcherFile: string | undefined;

/**
 * Restores the variables that the launcher changed, once Deno has read them, for programs that this
 * one starts may run on Deno, too. No effect without the launcher.
 */
export function leaveLauncher(environment: MutableEnvironment): void {
  if (environment.get(`${OUTER}DENO_DIR`) === undefined) return;
  launcherFile = environment.get(LAUNCHER_FILE);
  for (const name of [...LAUNCHER_VARIABLES, LAUNCHER_FILE, BLOCKED]) environment.delete(name);
  for (const name of REPLACED_VARIABLES) {
    const outer = environment.get(`${OUTER}${name}`) ?? "";
    environment.delete(`${OUTER}${name}`);
    if (outer === "") environment.delete(name);
    else environment.set(name, outer);
  }
}

/**
 * Keeps SIGUSR1 from opening the runtime's inspector. `beat` has to hand the signal to its program, so it
 * cannot ignore it. A signal that the launcher has blocked never arrives, and to leave it alone spares the
 * start FFI, which takes 5 MB.
 */
export function refuseInspector(
  args: readonly string[],
  environment: Pick<MutableEnvironment, "get">,
): void {
  if (environment.get(BLOCKED) === "USR1") return;
  if (args[0] === "beat") blockUserSignal();
  else ignoreUserSignal();
}

/** The executable that was started; undefined if the program runs from its source. */
export function programFile(): string | undefined {
  return Deno.build.standalone ? Deno.execPath() : launcherFile;
}
