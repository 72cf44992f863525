import { strict as assert } from "node:assert";
import { STATUS_WRONG_USE } from "../../../../src/cli/exit_status.ts";
import { runProcess } from "../../pulsebox_process.ts";

/** Names that make no plan, and why. */
const REFUSED: readonly (readonly [names: readonly string[], sentence: string])[] = [
  [["--brokers=pi1,pi2,pi1", "--hosts=foyer"], "--brokers names pi1 twice"],
  [["--brokers=pi1", "--hosts=foyer,foyer"], "Two hosts have the name foyer"],
  [
    ["--brokers=pi1,pi2", "--hosts=foyer"],
    "--brokers names 2: must be 1, 3 or 5, so that a majority can decide",
  ],
];

for (const [names, sentence] of REFUSED) {
  Deno.test(`fleet plan: ${sentence}`, async () => {
    const { status, stderr } = await runProcess([
      "fleet",
      "plan",
      ...names,
      "--out=/dev/null/none",
    ]);
    assert.equal(stderr, `pulsebox: ${sentence}\nTry: pulsebox help fleet\n`);
    assert.equal(status, STATUS_WRONG_USE);
  });
}
