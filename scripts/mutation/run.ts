/**
 * Puts mutants into copies of the repository, one at a time, and sees whether a test fails.
 *
 * @module
 */

import { Random } from "../../tests/fuzz/hev_fuzz.ts";
import { sourcesBelow } from "../../tests/support/files_below.ts";
import { type Mutant, mutantsOf, withMutant } from "./mutants.ts";

/** A mutant and its source file, such as `src/core/clock.ts`. */
export interface Placed extends Mutant {
  readonly path: string;
}

/** What became of the mutants. */
export interface MutationResult {
  readonly killed: readonly Placed[];
  readonly survived: readonly Placed[];
}

/** Options of {@linkcode runMutants}. */
export interface MutationOptions {
  /** Directory of the repository; it is only read. */
  readonly root: string;
  /** Folders below `src` and `tests`, such as `core`. */
  readonly folders: readonly string[];
  readonly seed: number;
  /** How many mutants are tried at most. */
  readonly count: number;
  /** How many are tried at the same time, each in a copy of its own. */
  readonly processes: number;
  /** A run of tests that takes longer, in milliseconds, counts as failed: a mutant may never end. */
  readonly limitMs: number;
  readonly onResult?: (mutant: Placed, result: "killed" | "survived") => void;
}

/** What a copy leaves out: history, and what was made. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", "coverage", "dist", "artifacts"]);

/**
 * Tries a random choice of mutants.
 *
 * @throws {Error} if the tests fail without a mutant, or if a source file has no folder of tests.
 */
export async function runMutants(options: MutationOptions): Promise<MutationResult> {
  const chosen = choose(await findMutants(options), options);
  const killed: Placed[] = [];
  const survived: Placed[] = [];
  const waiting = [...chosen];
  await checkWithout(options);
  const work = async () => {
    const copy = await copyOf(options.root);
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const isKilled = await kills(copy, mutant, options.limitMs);
        (isKilled ? killed : survived).push(mutant);
        options.onResult?.(mutant, isKilled ? "killed" : "survived");
      }
    } finally {
      await Deno.remove(copy, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: options.processes }, work));
  return { killed, survived };
}

/** Tests that fail anyway would kill every mutant. */
async function checkWithout({ root, folders, limitMs }: MutationOptions): Promise<void> {
  for (const folder of folders) {
    if (await passes(root, `tests/${folder}`, limitMs)) continue;
    throw new Error(`Cannot try mutants: the tests in "tests/${folder}" fail without any`);
  }
}

async function findMutants({ root, folders }: MutationOptions): Promise<Placed[]> {
  const found: Placed[] = [];
  for (const folder of folders) {
    for (const below of sourcesBelow(`${root}/src/${folder}`)) {
      const path = `src/${folder}/${below}`;
      const text = await Deno.readTextFile(`${root}/${path}`);
      found.push(...mutantsOf(text).map((mutant) => ({ ...mutant, path })));
    }
  }
  return found;
}

function choose(mutants: Placed[], { seed, count }: MutationOptions): Placed[] {
  const random = new Random(seed);
  const rest = [...mutants];
  const chosen: Placed[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(random.below(rest.length), 1));
  }
  return chosen;
}

async function copyOf(root: string): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "pulsebox-mutants-" });
  for await (const { name } of Deno.readDir(root)) {
    if (LEFT_OUT.has(name)) continue;
    const { success } = await new Deno.Command("cp", {
      args: ["-r", `${root}/${name}`, copy],
    }).output();
    if (!success) throw new Error(`Cannot copy "${root}/${name}": cp failed`);
  }
  return copy;
}

/** Does a test fail while the mutant is in the copy? */
async function kills(copy: string, mutant: Placed, limitMs: number): Promise<boolean> {
  const path = `${copy}/${mutant.path}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, withMutant(text, mutant));
  try {
    for (const tests of await testsFor(copy, mutant.path)) {
      if (!await passes(copy, tests, limitMs)) return true;
    }
    return false;
  } finally {
    await Deno.writeTextFile(path, text);
  }
}

/**
 * Where the tests of a source file are: its own, then the nearest folder that has any, then the layer,
 * in which others may use the file. The first failure ends it, so that most mutants cost little.
 */
async function testsFor(copy: string, path: string): Promise<string[]> {
  const own = path.replace(/^src/, "tests").replace(/\.ts$/, "_test.ts");
  const tests = await exists(`${copy}/${own}`) ? [own] : [];
  for (let folder = own; folder.includes("/");) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    if (!await exists(`${copy}/${folder}`)) continue;
    const layer = folder.split("/", 2).join("/");
    return [...new Set([...tests, folder, layer])];
  }
  throw new Error(`Cannot test "${path}": no folder of tests is found`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function passes(copy: string, tests: string, limitMs: number): Promise<boolean> {
  const flags = ["--quiet", "--allow-all", "--no-check", "--fail-fast", "--permit-no-files"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...flags, tests],
    cwd: copy,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const { success } = await child.status;
  clearTimeout(timer);
  return success;
}
