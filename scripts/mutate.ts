/**
 * Do the tests notice a fault? Puts small faults into folders of `src`, one at a time, and runs the
 * tests that could: `deno task mutate core wire --sample 100 --seed 1`.
 *
 * What survives is a fault that no test notices, or a change without effect. The exit status is 0
 * whatever survives, since only a reader can tell the two apart.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { folderOf, runMutants, type Tried } from "./mutation/run.ts";

/** The least time that tests get, in milliseconds. */
const LIMIT_MS = 30_000;
const PROGRESS_EVERY = 10;
const FOLDERS_DEFAULT = ["core", "wire", "roles", "store"];

const HELP =
  `Usage: deno task mutate [FOLDER…] [--sample N] [--seed S] [--processes P] [--json FILE] [--again FILE]

Puts small faults into folders of src (${FOLDERS_DEFAULT.join(", ")}), one at a time, and lists
those that no test notices: neither one of the same folder that reaches the file by its imports, nor
one of another folder that is near, nor the comparison of documented limits. Works on copies: the tree
may be changed meanwhile, and several may run at the same time.
  --sample N     How many faults, chosen at random (100)
  --seed S       Seed of the choice (1)
  --processes P  How many are tried at the same time (2)
  --json FILE    Write what became of each fault to a file
  --again FILE   Try again those of such a file that survived
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    sample: { type: "string", default: "100" },
    processes: { type: "string", default: "2" },
    json: { type: "string" },
    again: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  Deno.exit(0);
}
const folders = positionals.length > 0 ? positionals : FOLDERS_DEFAULT;
let count = 0;
const tried = await runMutants({
  root: new URL("..", import.meta.url).pathname.replace(/\/$/, ""),
  folders,
  seed: Number(values.seed),
  again: values.again === undefined ? undefined : survivorsIn(values.again),
  sample: Number(values.sample),
  processes: Number(values.processes),
  limitMs: LIMIT_MS,
  onResult: (mutant) => {
    if (++count % PROGRESS_EVERY === 0) console.error(`${count} tried`);
    if (mutant.verdict !== "killed") console.log(lineOf(mutant));
  },
});
if (values.json !== undefined) {
  await Deno.writeTextFile(values.json, JSON.stringify(tried, undefined, 2));
}
for (const folder of folders) console.log(tallyOf(folder));
console.log(tallyOf());

function survivorsIn(path: string): Tried[] {
  const tried: Tried[] = JSON.parse(Deno.readTextFileSync(path));
  return tried.filter(({ verdict }) => verdict === "survived");
}

function lineOf({ path, line, original, replacement, verdict }: Tried): string {
  return `${verdict} ${path}:${line}: ${original} -> ${replacement}`;
}

/** How many of a folder, or of all, were noticed; a run without an end is noticed by whoever waits. */
function tallyOf(folder?: string): string {
  const mutants = tried.filter(({ path }) => folder === undefined || folderOf(path) === folder);
  const late = mutants.filter(({ verdict }) => verdict === "timed out").length;
  const noticed = mutants.filter(({ verdict }) => verdict === "killed").length + late;
  const share = mutants.length === 0 ? "" : ` (${Math.round(100 * noticed / mutants.length)} %)`;
  return `${
    folder ?? "all"
  }: ${noticed} of ${mutants.length} killed${share}, ${late} by the time limit`;
}
