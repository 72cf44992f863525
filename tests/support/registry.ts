/**
 * What Deno fetches from npm's registry when an executable is built: its bundler, and itself for
 * another machine. It keeps both.
 *
 * @module
 */

import { TARGETS } from "../../scripts/compile/target.ts";
import { requirement } from "./require.ts";

/** Without an answer of the network, Deno waits for minutes. */
const FETCH_MS_MAX = 60_000;
/** What was found out, for the other files of the same run. */
const BUNDLER_VARIABLE = "PULSEBOX_TEST_BUNDLER";

/** Says that a suite needs an executable for this machine, and for another one if it names it. */
export async function canBuild(suite: string, target?: "aarch64"): Promise<boolean> {
  const isThere = await hasBundler() && (target === undefined || await hasDeno(target));
  return requirement(suite, {
    name: "npm's registry, for what Deno fetches to build an executable",
    available: isThere,
    howToGet: "a network connection",
  });
}

async function hasBundler(): Promise<boolean> {
  let known = Deno.env.get(BUNDLER_VARIABLE);
  if (known === undefined) {
    known = await bundles() ? "there" : "missing";
    Deno.env.set(BUNDLER_VARIABLE, known);
  }
  return known === "there";
}

async function bundles(): Promise<boolean> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    return await succeeds(["bundle", "--quiet", "--no-config", file]);
  } finally {
    await Deno.remove(file);
  }
}

/** Whether `deno compile` has the binary that it puts in front of a program, or can fetch it. */
export async function hasRuntimeOnlyBinary(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/empty.ts`, "");
    const output = `--output=${folder}/empty`;
    return await succeeds(["compile", "--quiet", "--no-config", output, `${folder}/empty.ts`]) &&
      await succeeds([], `${folder}/empty`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function hasDeno(name: string): Promise<boolean> {
  const { denoPackage } = TARGETS[name] ?? { denoPackage: "" };
  const specifier = `npm:${denoPackage}@${Deno.version.deno}`;
  return await succeeds(["cache", "--quiet", "--no-config", "--no-lock", specifier]);
}

async function succeeds(
  args: readonly string[],
  program = Deno.execPath(),
): Promise<boolean> {
  const { success } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(FETCH_MS_MAX),
  }).output();
  return success;
}
