/**
 * The whole suite in one command: the checks that a reviewer asks for, then every test.
 *
 * `deno task test` runs all of it; `deno task test net` only the tests whose path holds "net".
 * The last lines name what failed and what was skipped; the very last is
 * `N passed, N failed`. The exit status is 1 if anything failed.
 *
 * @module
 */

import { offerHelp } from "./task_help.ts";
import { filesBelow } from "../tests/support/files_below.ts";
import { SKIPS_VARIABLE } from "../tests/support/require.ts";
import { type Coverage, readCoverage } from "./coverage.ts";
import { startChild } from "./process.ts";
import { add, NOTHING, report, type Tally, tallyOf } from "./test_tally.ts";

/** Share of the lines of the pure layers that tests must reach, in percent. */
const COVERAGE_PERCENT_MIN = 98;
const COVERED_LAYERS = ["core", "wire"];
const COVERAGE_DIRECTORY = "coverage";
/** Folders whose tests wait for nothing, so that several files can share the machine. */
const PURE_FOLDERS = [...COVERED_LAYERS, "fuzz", "sim"];

/**
 * Tests that mostly wait, for a browser, a built file or a tool of one call each. Two of them at a time
 * run beside the others, which halves the time of a whole run; none of them measures less than seconds
 * or listens at a default port.
 */
const WAITING = [
  "tests/browser/",
  "tests/file/",
  "tests/cli/",
  "tests/clients/",
  "tests/conformance/plugin_test.ts",
  "tests/docs_test.ts",
  "tests/notification_recipes_test.ts",
];
const WAITING_JOBS = 2;

/** The entrances of the library. */
const DOORS = filesBelow("lib").map((name) => `lib/${name}`);

/** Debian keeps servers such as nginx where only root's shell looks for programs. */
const PROGRAM_FOLDERS = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`;

/** Flags of a host that serves examples and shows nothing. */
const QUIET = ["--no-console", "--log-level=error"];

/** Named commands that pass or fail as a whole. */
const CHECKS: readonly { name: string; args: readonly string[] }[] = [
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "types", args: ["run", "--quiet", "--allow-all", "scripts/types.ts"] },
  { name: "documentation", args: ["doc", "--lint", "mod.ts", ...DOORS] },
  // Finds slow types, files that are missing, and exports that nobody could import.
  { name: "package", args: ["publish", "--dry-run", "--allow-dirty", "--no-check"] },
  { name: "lock file", args: ["install", "--frozen", "--entrypoint", "main.ts", "mod.ts"] },
];

async function main(filter: string | undefined): Promise<number> {
  const skips = await Deno.makeTempFile({ prefix: "pulsebox-skips-" });
  Deno.env.set(SKIPS_VARIABLE, skips);
  const tally = { ...NOTHING, failures: [] };
  if (filter === undefined) {
    for (const check of CHECKS) add(tally, await runCheck(check.name, check.args));
  }
  // A run of some tests must not touch what the whole run measures, of which it may be a part.
  const coverage = filter === undefined ? [`--coverage=${COVERAGE_DIRECTORY}`] : [];
  if (filter === undefined) {
    await Deno.remove(COVERAGE_DIRECTORY, { recursive: true }).catch(ignoreNotFound);
  }
  const { pure, waiting, rest } = findTests(filter);
  // The pure layers run first and in parallel: they use all of the machine.
  add(tally, await runTests(pure, ["--parallel", ...coverage]));
  const lanes = [
    runTests(rest, []),
    runTests(waiting, ["--parallel"], { DENO_JOBS: `${WAITING_JOBS}` }, "late"),
  ];
  for (const lane of await Promise.all(lanes)) add(tally, lane);
  if (filter === undefined) {
    add(tally, await runExamples());
    add(tally, checkCoverage(await readCoverage(COVERAGE_DIRECTORY, COVERED_LAYERS)));
  }
  const skipped = (await Deno.readTextFile(skips)).split("\n").filter((line) => line !== "");
  await Deno.remove(skips);
  console.log(`\n${report(tally, skipped)}`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

/** Test files by how they run, each list in a stable order. */
function findTests(
  filter: string | undefined,
): Record<"pure" | "waiting" | "rest", string[]> {
  const files: Record<"pure" | "waiting" | "rest", string[]> = { pure: [], waiting: [], rest: [] };
  for (const below of filesBelow("tests")) {
    const path = `tests/${below}`;
    if (!path.endsWith("_test.ts") || !path.includes(filter ?? "")) continue;
    const folder = path.split("/")[1] ?? "";
    const isPure = PURE_FOLDERS.includes(folder);
    const isWaiting = WAITING.some((start) => path.startsWith(start));
    files[isPure ? "pure" : isWaiting ? "waiting" : "rest"].push(path);
  }
  return files;
}

async function runCheck(name: string, args: readonly string[]): Promise<Tally> {
  const started = performance.now();
  const { success, output } = await deno(args, "quiet");
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name} ... ${success ? "ok" : "FAILED"} (${seconds} s)`);
  if (!success) console.log(output);
  return outcome(name, success);
}

async function runTests(
  files: readonly string[],
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
  mode: "shown" | "late" = "shown",
): Promise<Tally> {
  if (files.length === 0) return NOTHING;
  // Tests use packages that the product does without; a start must not fetch them.
  const packages = ["--lock=tests/deno.lock", "--frozen"];
  const args = ["test", "--quiet", "--allow-all", "--no-check", ...packages, ...options, ...files];
  const { success, output } = await deno(args, mode, env);
  return tallyOf(output, success);
}

/** Runs the examples of the documentation against a real host. */
async function runExamples(): Promise<Tally> {
  await using host = await startChild(
    ["run", "--quiet", "--allow-all", "main.ts", "--heartbeat", "--heartbeat-port=0", ...QUIET],
    /port: \[\d+\]/,
  );
  const port = /port: \[(\d+)\]/.exec(host.line)?.[1];
  return await runTests(["mod.ts", "lib", "src"], ["--doc"], {
    HB_URL: `http://127.0.0.1:${port}`,
  });
}

function checkCoverage(layers: readonly Coverage[]): Tally {
  const tally = { ...NOTHING, failures: [] };
  for (const { layer, percent, missed } of layers) {
    const ok = percent >= COVERAGE_PERCENT_MIN;
    console.log(
      `line coverage of ${layer} ... ${percent.toFixed(1)} % ${
        ok ? "ok" : `FAILED, must be >= ${COVERAGE_PERCENT_MIN} %`
      }`,
    );
    if (!ok) console.log(missed.map((line) => `  not reached: ${line}`).join("\n"));
    add(tally, outcome(`line coverage of ${layer}`, ok));
  }
  return tally;
}

/** One check that stands for itself. */
function outcome(name: string, success: boolean): Tally {
  return success
    ? { passed: 1, failed: 0, failures: [] }
    : { passed: 0, failed: 1, failures: [name] };
}

/** Runs Deno itself; `shown` passes its output on while it comes, `late` when it has ended. */
async function deno(
  args: readonly string[],
  mode: "quiet" | "shown" | "late",
  env: Readonly<Record<string, string>> = {},
): Promise<{ success: boolean; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1", PATH: PROGRAM_FOLDERS, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr, status] = await Promise.all([
    collect(child.stdout, mode === "shown" ? Deno.stdout : undefined),
    collect(child.stderr, mode === "shown" ? Deno.stderr : undefined),
    child.status,
  ]);
  const output = stdout + stderr;
  if (mode === "late") console.log(output);
  return { success: status.success, output };
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  copyTo: { writeSync(bytes: Uint8Array): number } | undefined,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    for (let rest = chunk; copyTo !== undefined && rest.length > 0;) {
      rest = rest.subarray(copyTo.writeSync(rest));
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) offerHelp("test");
if (import.meta.main) Deno.exit(await main(Deno.args[0]));
