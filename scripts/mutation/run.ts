/**
 * Puts mutants into copies of the repository, one at a time, and sees whether a test fails.
 *
 * @module
 */

import { Random } from "../../tests/fuzz/hev_fuzz.ts";
import { sourcesBelow } from "../../tests/support/files_below.ts";
import { ImportGraph } from "./import_graph.ts";
import { type Mutant, mutantsOf, withMutant } from "./mutants.ts";

/** A mutant and its source file, such as `src/core/clock.ts`. */
export interface Placed extends Mutant {
  readonly path: string;
}

/** What the tests made of a mutant: they failed, did not end in time, or noticed nothing. */
export type Verdict = "killed" | "timed out" | "survived";

/** What became of a mutant. */
export interface Tried extends Placed {
  readonly verdict: Verdict;
}

/** Options of {@linkcode runMutants}. */
export interface MutationOptions {
  /** Directory of the repository; it is copied at once and may change while mutants are tried. */
  readonly root: string;
  /** Folders below `src` and `tests`, such as `core`. */
  readonly folders: readonly string[];
  readonly seed: number;
  /** How many mutants are tried at most. */
  readonly sample: number;
  /** In place of a random choice: faults that were tried before, found again by what they replace. */
  readonly again?: readonly Placed[] | undefined;
  /** How many are tried at the same time, each in a copy of its own. */
  readonly processes: number;
  /**
   * The least time that a run of tests gets, in milliseconds: a mutant may never end. It gets more where
   * the tests take long without a mutant.
   */
  readonly limitMs: number;
  readonly onResult?: (mutant: Tried) => void;
}

/** So many times the time that tests take without a mutant, on a machine that may be busier then. */
const PATIENCE = 4;
/** So many tests of the layer run before all others of it: those that are nearest by their imports. */
const NEAREST = 4;
/** How far from a source file tests of other layers may be, in imports, and how many are run. */
const DISTANCE_MAX = 2;
const OTHERS_MAX = 12;
/** Compares the documented limits with those of the sources. */
const REFERENCE = "tests/reference_test.ts";

/** What a copy leaves out: history, and what was made. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", "coverage", "dist", "artifacts"]);

/**
 * Tries a random choice of mutants.
 *
 * @throws {Error} if the tests fail without a mutant.
 */
export async function runMutants(options: MutationOptions): Promise<Tried[]> {
  const { root, folders, processes, onResult } = options;
  await using stack = new AsyncDisposableStack();
  const copies: string[] = [];
  for (let index = 0; index < processes; index++) {
    const copy = await copyOf(root);
    stack.defer(() => Deno.remove(copy, { recursive: true }));
    copies.push(copy);
  }
  const [first = ""] = copies;
  const limits = new TimeLimits(options.limitMs);
  const graph = await ImportGraph.read(first);
  const tried: Tried[] = [];
  const waiting = choose(await findMutants(first, folders), options);
  const work = async (copy: string) => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const result = { ...mutant, verdict: await tryMutant(copy, mutant, limits, graph) };
      tried.push(result);
      onResult?.(result);
    }
  };
  await Promise.all(copies.map(work));
  return tried;
}

/** The folder below `src` of a path. */
export function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** How long tests may take while a mutant is in the copy: a mutant may never end. */
class TimeLimits {
  readonly #least: number;
  readonly #limits = new Map<string, number>();

  /** @param least Milliseconds. */
  constructor(least: number) {
    this.#least = least;
  }

  /**
   * Runs the tests in a copy without a mutant, unless that was done before.
   *
   * @return Milliseconds.
   * @throws {Error} if they fail: they would kill every mutant.
   */
  async of(copy: string, tests: readonly string[]): Promise<number> {
    const key = tests.join(" ");
    const known = this.#limits.get(key);
    if (known !== undefined) return known;
    const startedAt = performance.now();
    if (await runTests(copy, tests, Infinity) !== "survived") {
      throw new Error(`Cannot try mutants: without any, these tests fail: ${key}`);
    }
    const limit = Math.max(this.#least, PATIENCE * (performance.now() - startedAt));
    this.#limits.set(key, limit);
    return limit;
  }
}

async function findMutants(root: string, folders: readonly string[]): Promise<Placed[]> {
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

function choose(mutants: Placed[], { seed, sample, again }: MutationOptions): Placed[] {
  if (again !== undefined) return again.flatMap((wanted) => nearest(mutants, wanted));
  const random = new Random(seed);
  const rest = [...mutants];
  const chosen: Placed[] = [];
  while (chosen.length < sample && rest.length > 0) {
    chosen.push(...rest.splice(random.below(rest.length), 1));
  }
  return chosen;
}

/** The same fault in a file that may have changed: that of the nearest line. */
function nearest(mutants: readonly Placed[], wanted: Placed): Placed[] {
  const distance = ({ line }: Placed) => Math.abs(line - wanted.line);
  return mutants
    .filter(({ path, original, replacement }) =>
      path === wanted.path && original === wanted.original && replacement === wanted.replacement
    )
    .sort((a, b) => distance(a) - distance(b)).slice(0, 1);
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
async function tryMutant(
  copy: string,
  mutant: Placed,
  limits: TimeLimits,
  graph: ImportGraph,
): Promise<Verdict> {
  const path = `${copy}/${mutant.path}`;
  const text = await Deno.readTextFile(path);
  for (const tests of await testsFor(copy, mutant, graph)) {
    const limitMs = await limits.of(copy, tests);
    await Deno.writeTextFile(path, withMutant(text, mutant));
    try {
      const verdict = await runTests(copy, tests, limitMs);
      if (verdict !== "survived") return verdict;
    } finally {
      await Deno.writeTextFile(path, text);
    }
  }
  return "survived";
}

/**
 * The tests that could notice a fault, in rounds, of which the first failure is the last: those of the
 * source file itself, of the documented limits if it is one, of the layer that reach the file by their
 * imports, the nearest first, and of other layers that are near.
 */
async function testsFor(
  copy: string,
  { path, original }: Placed,
  graph: ImportGraph,
): Promise<string[][]> {
  const own = path.replace(/^src/, "tests").replace(/\.ts$/, "_test.ts");
  const reference = /^\d/.test(original) ? [REFERENCE] : [];
  const layer = own.split("/", 2).join("/");
  const isOfLayer = (test: string) => test.startsWith(`${layer}/`);
  const near = graph.testsNear(path, Infinity).filter((test) => isOfLayer(test) && test !== own);
  const others = graph.testsNear(path, DISTANCE_MAX).filter((test) => !isOfLayer(test));
  const first = [];
  for (const test of [own, ...reference]) if (await exists(`${copy}/${test}`)) first.push([test]);
  return [...first, near.slice(0, NEAREST), near.slice(NEAREST), others.slice(0, OTHERS_MAX)]
    .filter((tests) => tests.length > 0);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The tests run in a folder for temporary files of their own, which goes with what they left there. */
async function runTests(copy: string, tests: readonly string[], limitMs: number): Promise<Verdict> {
  const flags = ["--quiet", "--allow-all", "--no-check", "--fail-fast", "--permit-no-files"];
  const temporary = await Deno.makeTempDir({ prefix: "pulsebox-mutant-" });
  // Tests let other users in, too.
  await Deno.chmod(temporary, 0o1777);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...flags, "--lock=tests/deno.lock", ...tests],
    cwd: copy,
    env: { TMPDIR: temporary },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isLate = false;
  const timer = limitMs === Infinity ? undefined : setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, limitMs);
  const { success } = await child.status;
  clearTimeout(timer);
  await Deno.remove(temporary, { recursive: true });
  if (isLate) return "timed out";
  return success ? "survived" : "killed";
}
