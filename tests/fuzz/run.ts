/**
 * Feeds a target, and makes smaller what fails.
 *
 * @module
 */

import { Random } from "../sim/random.ts";
import { Mutator } from "./mutator.ts";
import type { Target } from "./target.ts";

/** An input of which something did not hold. */
export interface Finding {
  readonly input: Uint8Array<ArrayBuffer>;
  readonly complaint: string;
}

/** What a run has done. */
export interface FuzzRun {
  readonly inputs: number;
  readonly finding: Finding | undefined;
}

/** How much is tried. */
export interface FuzzBudget {
  readonly seed: number;
  /** Inputs beside the seeds. */
  readonly inputs: number;
  /** Time after which no more are tried, in milliseconds. */
  readonly ms: number;
}

/** No input may take longer than this, in milliseconds: time that grows with its square shows. */
const INPUT_MS_MAX = 2_000;
/** Attempts to make a finding smaller. */
const SHRINK_TRIALS_MAX = 3_000;
/** Time for that, in milliseconds. */
const SHRINK_MS_MAX = 20_000;

/** Feeds the seeds, what failed once, and mutants of both, until something fails. */
export async function fuzz(
  target: Target,
  kept: readonly Uint8Array<ArrayBuffer>[],
  { seed, inputs, ms }: FuzzBudget,
): Promise<FuzzRun> {
  const random = new Random(seed);
  const mutator = new Mutator(target, kept);
  const endsAt = performance.now() + ms;
  let tried = 0;
  for (const input of [...target.seeds, ...kept]) {
    tried++;
    const complaint = await complaintOf(target, input, seed);
    if (complaint !== undefined) return { inputs: tried, finding: { input, complaint } };
  }
  while (tried < inputs && performance.now() < endsAt) {
    tried++;
    const input = mutator.next(random);
    const complaint = await complaintOf(target, input, seed);
    if (complaint === undefined) continue;
    return { inputs: tried, finding: await smaller(target, { input, complaint }, seed) };
  }
  return { inputs: tried, finding: undefined };
}

/** A slow input gets a second and a third chance: the machine may have been busy. */
const CHANCES = 3;

async function complaintOf(
  target: Target,
  input: Uint8Array<ArrayBuffer>,
  seed: number,
): Promise<string | undefined> {
  let tookMs = 0;
  for (let chance = 0; chance < CHANCES; chance++) {
    const began = performance.now();
    try {
      const running = target.run(input, new Random(seed));
      if (running !== undefined) await running;
    } catch (error) {
      return error instanceof Error ? error.stack ?? error.message : String(error);
    }
    tookMs = performance.now() - began;
    if (tookMs <= INPUT_MS_MAX) return undefined;
  }
  return `It took ${tookMs.toFixed(0)} ms`;
}

/** Leaves out pieces as long as something fails. */
async function smaller(target: Target, found: Finding, seed: number): Promise<Finding> {
  let best = found;
  let trials = 0;
  const endsAt = performance.now() + SHRINK_MS_MAX;
  const mayGoOn = () => trials < SHRINK_TRIALS_MAX && performance.now() < endsAt;
  for (let size = Math.ceil(best.input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.input.length && mayGoOn(); trials++) {
      const input = Uint8Array.from([...best.input].toSpliced(at, size));
      const complaint = await complaintOf(target, input, seed);
      if (complaint === undefined) at += size;
      else best = { input, complaint };
    }
  }
  return best;
}
