import { strict as assert } from "node:assert";
import { corpusOf } from "./corpus.ts";
import { fuzz } from "./run.ts";
import { TARGETS } from "./targets.ts";

/** What each target gets in a run of the suite: so many inputs, within so many milliseconds. */
const INPUTS = 3_000;
const MS_MAX = 600;

for (const target of TARGETS) {
  const isClean = target.hasOwnTimers !== true;
  const options = { sanitizeOps: isClean, sanitizeResources: isClean };
  Deno.test(`fuzz ${target.name}: ${target.holds}`, options, async () => {
    const kept = await corpusOf(target.name);
    try {
      const { finding } = await fuzz(target, kept, { seed: 1, inputs: INPUTS, ms: MS_MAX });
      assert.equal(finding, undefined, finding && complaintAbout(finding.input, finding.complaint));
    } finally {
      await target.close?.();
    }
  });
}

function complaintAbout(input: Uint8Array, complaint: string): string {
  return `${Deno.inspect(new TextDecoder("latin1").decode(input))}: ${complaint}`;
}
