/**
 * Simulates hosts, each from a seed, and reports the first seed of which a promise was broken.
 *
 * `deno task simulate` runs 1 000 seeds; `--seeds N`, `--from SEED` and `--minutes M` choose others,
 * `--steps 0,3,5` leaves out all but these steps of one seed. The exit status is 1 if one failed.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type Outcome,
  runScenario,
  type Scope,
  settingsOf,
  type Step,
  stepsOf,
} from "../tests/sim/scenario.ts";
import type { Operation } from "../tests/sim/ordeal.ts";
import type { Flags } from "../tests/sim/world.ts";

const SEEDS_DEFAULT = 1_000;
/** Runs that it may take to make a failing seed shorter. */
const SHRINK_RUNS_MAX = 300;

const HELP =
  `Usage: deno task simulate [--seeds N] [--from SEED] [--minutes M] [--steps LIST] [--all] [--kept] [--wide | --fleet] [--torture N]

Runs hosts on virtual time, network and programs, and judges them by what was done to them.
  --seeds N       How many seeds to run (${SEEDS_DEFAULT})
  --from SEED     The first seed (0)
  --minutes M     Go on for so long, however many seeds that takes
  --steps LIST    Only these steps of the first seed, by number from 0, separated by commas
  --all           Go on after a failure
  --kept          Run what failed once and was mended (tests/sim/kept.json)
  --wide          With instruments on a serial line and the state channel, too
  --fleet         Each host is the console of a fleet
  --torture N     Let each of N operations of the machine fail once, in seeds of their own
  --fail-at K     With --steps: the K-th operation of the machine fails
  --clock-rate R  Let the host's own clock run at this rate, to see that it is noticed (1)
`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string" },
      from: { type: "string", default: "0" },
      minutes: { type: "string" },
      steps: { type: "string" },
      all: { type: "boolean", default: false },
      kept: { type: "boolean", default: false },
      "clock-rate": { type: "string", default: "1" },
      "fail-at": { type: "string", default: "Infinity" },
      torture: { type: "string" },
      wide: { type: "boolean", default: false },
      fleet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.kept) return await runKept();
  const scope: Scope = values.wide ? "wide" : values.fleet ? "fleet" : "plain";
  if (values.torture !== undefined) {
    return await torture(Number(values.torture), Number(values.from), scope);
  }
  const from = Number(values.from);
  const clockRate = Number(values["clock-rate"]);
  if (values.steps !== undefined) {
    const wanted = values.steps.split(",").map(Number);
    const steps = stepsOf(from, scope).filter((_, index) => wanted.includes(index));
    const outcome = await runScenario(settingsOf(from, scope), steps, {
      clockRate,
      failAt: Number(values["fail-at"]),
    });
    console.log(reportOf(`seed ${from}`, outcome));
    return outcome.complaint === undefined ? 0 : 1;
  }
  const began = performance.now();
  const endsAt = values.minutes === undefined ? Infinity : began + Number(values.minutes) * 60_000;
  const seeds = values.minutes === undefined ? Number(values.seeds ?? SEEDS_DEFAULT) : Infinity;
  let failed = 0;
  let ran = 0;
  let simulatedMs = 0;
  for (let seed = from; ran < seeds && performance.now() < endsAt; seed++) {
    const steps = stepsOf(seed, scope);
    const outcome = await runScenario(settingsOf(seed, scope), steps, { clockRate });
    ran++;
    simulatedMs += outcome.simulatedMs;
    if (outcome.complaint === undefined) continue;
    failed++;
    console.log(
      values.all
        ? `seed ${seed}: ${firstLine(outcome)}`
        : await shrunk(seed, steps, outcome, { clockRate, scope }),
    );
    if (!values.all) break;
  }
  const seconds = (performance.now() - began) / 1_000;
  const hours = simulatedMs / 3_600_000;
  console.log(
    `${ran} seeds, ${hours.toFixed(1)} simulated hours in ${
      seconds.toFixed(1)
    } s, ${failed} failed`,
  );
  return failed === 0 && ran > 0 ? 0 : 1;
}

/** Runs of one seed, so that operations at all its moments fail. */
const RUNS_PER_SEED = 10;

/** Lets operations of the machine fail, one in each run. */
async function torture(runs: number, from: number, scope: Scope): Promise<number> {
  const failures: Partial<Record<Operation, number>> = {};
  let failed = 0;
  let ran = 0;
  for (let seed = from; ran < runs && failed === 0; seed++) {
    const settings = settingsOf(seed, scope);
    const steps = stepsOf(seed, scope);
    const { operations } = await runScenario(settings, steps);
    for (let run = 0; run < RUNS_PER_SEED && ran < runs && failed === 0; run++, ran++) {
      const failAt = 1 + Math.floor((run + (seed % 10) / 10) * operations.count / RUNS_PER_SEED);
      const outcome = await runScenario(settings, steps, { failAt });
      const operation = outcome.operations.failed;
      if (operation !== undefined) failures[operation] = (failures[operation] ?? 0) + 1;
      if (outcome.complaint === undefined) continue;
      failed++;
      console.log(reportOf(`seed ${seed}, operation ${failAt} (${operation})`, outcome));
      const all = steps.map((_, index) => index).join(",");
      console.log(
        `Replay it: deno task simulate${
          optionOf(scope)
        } --from ${seed} --fail-at ${failAt} --steps ${all}`,
      );
    }
  }
  console.log(`${ran} runs, in each of which one operation failed: ${JSON.stringify(failures)}`);
  console.log(`${failed} failed`);
  return failed === 0 && ran > 0 ? 0 : 1;
}

/** Runs what has failed once. */
async function runKept(): Promise<number> {
  const text = await Deno.readTextFile(new URL("../tests/sim/kept.json", import.meta.url));
  const kept: { title: string; settings: Flags; steps: Step[] }[] = JSON.parse(text);
  let failed = 0;
  for (const { title, settings, steps } of kept) {
    const outcome = await runScenario(settings, steps);
    if (outcome.complaint === undefined) continue;
    failed++;
    console.log(reportOf(title, outcome));
  }
  console.log(`${kept.length} kept, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Leaves out one step after the other as long as the same complaint stays. */
async function shrunk(
  seed: number,
  all: readonly Step[],
  first: Outcome,
  { clockRate, scope }: { readonly clockRate: number; readonly scope: Scope },
): Promise<string> {
  const kindOf = (outcome: Outcome) =>
    firstLine(outcome).replaceAll(/[\d.]+|hilbert\/\S+( @ \S+)?/g, "#");
  const settings = settingsOf(seed, scope);
  const kind = kindOf(first);
  let steps = [...all];
  let outcome = first;
  let runs = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length && runs < SHRINK_RUNS_MAX;) {
      const fewer = steps.toSpliced(at, size);
      const result = await runScenario(settings, fewer, { clockRate });
      runs++;
      if (result.complaint !== undefined && kindOf(result) === kind) {
        steps = fewer;
        outcome = result;
      } else at += size;
    }
  }
  const numbers = steps.map((step) => all.indexOf(step)).join(",");
  return reportOf(`seed ${seed}`, outcome) +
    `\nTo keep it in tests/sim/kept.json: ${JSON.stringify({ title: "", settings, steps })}` +
    `\nReplay it: deno task simulate${optionOf(scope)} --from ${seed} --steps ${
      numbers === "" ? "-1" : numbers
    }`;
}

function optionOf(scope: Scope): string {
  return scope === "plain" ? "" : ` --${scope}`;
}

function reportOf(name: string, { complaint, trace }: Outcome): string {
  return complaint === undefined
    ? `${name}: nothing to complain of`
    : `${trace.join("\n")}\n\n${name}: ${complaint}`;
}

function firstLine({ complaint = "" }: Outcome): string {
  return complaint.split("\n", 1)[0] ?? "";
}

Deno.exit(await main(Deno.args));
