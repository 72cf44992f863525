import { strict as assert } from "node:assert";
import type { Figures } from "../../src/core/uptime_cells.ts";
import { noFigures } from "../../src/core/uptime_cells.ts";
import { type MemberFigures, UptimeTally } from "../../src/core/uptime_tally.ts";

const KIOSK = { protocol: "hilbert", id: "kiosk @ 10.0.0.1" } as const;
const GLOBE = { protocol: "hilbert", id: "globe @ 10.0.0.2" } as const;
const NAME = "hilbert/kiosk @ 10.0.0.1";
const DAY_MS = 86_400_000;

function day(figures: Partial<Figures>): Figures {
  return { ...noFigures(), knownMs: DAY_MS, worst: "ok", ...figures };
}

function finish(tally: UptimeTally, parts: readonly MemberFigures[]): void {
  for (const _ of tally.addDay(parts));
}

Deno.test("UptimeTally counts an outage over midnight once, in the sum of its days", () => {
  const tally = new UptimeTally();
  finish(tally, [{ member: KIOSK, figures: day({ outages: 2, downMs: 60_000, worst: "lost" }) }]);
  finish(tally, [{ member: KIOSK, figures: day({ outages: 2, carried: 1, downMs: 30_000 }) }]);
  finish(tally, [{ member: KIOSK, figures: day({}) }]);
  assert.deepEqual(tally.sums.get(NAME)?.figures, {
    ...{ knownMs: 3 * DAY_MS, downMs: 90_000, plannedMs: 0 },
    ...{ outages: 3, carried: 1, worst: "lost" },
  });
});

Deno.test("UptimeTally adds up the parts of a day before it looks what can be down time", () => {
  const tally = new UptimeTally();
  finish(tally, [
    { member: KIOSK, figures: day({ knownMs: 1_000, downMs: 3_000, outages: 1 }) },
    { member: KIOSK, figures: day({ knownMs: 4_000, plannedMs: 3_000, outages: 1 }) },
  ]);
  const { knownMs, downMs, outages } = tally.sums.get(NAME)?.figures ?? assert.fail();
  assert.deepEqual({ knownMs, downMs, outages }, { knownMs: 5_000, downMs: 2_000, outages: 2 });
});

Deno.test("UptimeTally totals the figures of all, and of nobody", () => {
  const tally = new UptimeTally();
  assert.deepEqual(tally.total, noFigures());
  finish(tally, [
    { member: KIOSK, figures: day({ outages: 1, downMs: 5, worst: "late" }) },
    { member: GLOBE, figures: day({ outages: 3, downMs: 7, worst: "lost" }) },
  ]);
  const { knownMs, downMs, outages, worst } = tally.total;
  assert.deepEqual({ knownMs, downMs, outages, worst }, {
    ...{ knownMs: 2 * DAY_MS, downMs: 12, outages: 4, worst: "lost" },
  });
  assert.equal(tally.sums.size, 2);
});
