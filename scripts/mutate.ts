/**
 * Do the tests notice a fault? Puts small faults into a folder of `src`, one at a time, and runs the
 * tests of the same folder: `deno task mutate core wire --seed 1 --count 100`.
 *
 * What survives is a fault that no test notices, or a change without effect. The exit status is 0
 * whatever survives, since only a reader can tell the two apart.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Placed, runMutants } from "./mutation/run.ts";

const LIMIT_MS = 60_000;
const PROCESSES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
  },
});
const { killed, survived } = await runMutants({
  root: new URL("..", import.meta.url).pathname.replace(/\/$/, ""),
  folders: positionals.length > 0 ? positionals : ["core", "wire"],
  seed: Number(values.seed),
  count: Number(values.count),
  processes: PROCESSES,
  limitMs: LIMIT_MS,
  onResult: (mutant, result) => {
    if (result === "survived") console.log(lineOf(mutant));
  },
});
console.log(`${killed.length} killed, ${survived.length} survived`);

function lineOf({ path, line, original, replacement }: Placed): string {
  return `survived ${path}:${line}: ${original} -> ${replacement}`;
}
