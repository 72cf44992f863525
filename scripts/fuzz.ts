/**
 * Feeds decoders, settings, the database and whole ports with mutants of good and bad inputs.
 *
 * `deno task fuzz` gives each target ten seconds; `deno task fuzz TARGET --minutes 10` one of them ten
 * minutes. What fails is made smaller and kept in tests/fuzz/corpus/, from where the tests repeat it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { corpusOf, keep } from "../tests/fuzz/corpus.ts";
import { fuzz } from "../tests/fuzz/run.ts";
import { TARGETS } from "../tests/fuzz/targets.ts";

const MINUTES_DEFAULT = 1 / 6;

const HELP = `Usage: deno task fuzz [TARGET…] [--minutes M] [--seed N] [--list]

  --minutes M  Time for each target (a sixth)
  --seed N     Where the random choices begin (the time of day)
  --list       Name the targets and what must hold for each
`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return done(HELP);
  if (values.list) {
    return done(TARGETS.map(({ name, holds }) => `${name.padEnd(26)}${holds}`).join("\n"));
  }
  const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) {
    console.error(`Cannot fuzz ${unknown.join(", ")}: see deno task fuzz --list`);
    return 2;
  }
  const ms = Number(values.minutes ?? MINUTES_DEFAULT) * 60_000;
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  let failed = 0;
  let total = 0;
  for (const target of TARGETS) {
    if (positionals.length > 0 && !positionals.includes(target.name)) continue;
    const began = performance.now();
    const { inputs, finding } = await fuzz(target, await corpusOf(target.name), {
      seed,
      inputs: Infinity,
      ms,
    });
    await target.close?.();
    total += inputs;
    const rate = inputs / ((performance.now() - began) / 1_000);
    const counts = `${String(inputs).padStart(10)} inputs, ${rate.toFixed(0).padStart(7)}/s`;
    if (finding === undefined) {
      console.log(`${target.name.padEnd(26)}${counts}`);
      continue;
    }
    failed++;
    const shown = Deno.inspect(new TextDecoder("latin1").decode(finding.input));
    console.log(`${target.name.padEnd(26)}${counts}  FAILED with ${shown}\n${finding.complaint}`);
    console.log(`kept in ${await keep(target.name, finding.input)}`);
  }
  console.log(`${total} inputs from seed ${seed}, ${failed} targets failed`);
  return failed === 0 ? 0 : 1;
}

function done(text: string): number {
  console.log(text);
  return 0;
}

Deno.exit(await main(Deno.args));
