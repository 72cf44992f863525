import { strict as assert } from "node:assert";
import { speechOf } from "../../../src/console/language.ts";
import { tileOf } from "../../../src/console/page/fleet_words.ts";
import type { FleetHost } from "../../../src/console/panels.ts";
import { noConditions } from "../../../src/core/verdict.ts";

const HALL: FleetHost = {
  host: "hall",
  label: null,
  state: "ok",
  since: "2026-11-29T12:00:00Z",
  silentMs: 1_000,
  verdict: "well",
  headline: "All is well",
  counts: { ...noConditions(), ok: 3 },
  url: null,
  version: "1",
};

/** What a host said last, which the brokers remember, counts only while it is heard. */
const CASES: readonly (readonly [Partial<FleetHost>, sentence: string, members: string])[] = [
  [{}, "● All is well", "3 members"],
  [{ state: "late", silentMs: 12_000 }, "▲ Late, silent for 12 s", "3 members"],
  [{ state: "lost", silentMs: 30_000 }, "✖ Lost, silent for 30 s", "3 members: not known"],
  [{ state: "lost", silentMs: null }, "✖ Lost, never heard", "3 members: not known"],
  [{ state: "unknown", silentMs: 30_000 }, "◌ Not known, silent for 30 s", "3 members: not known"],
  [{ state: "unknown", silentMs: null }, "◌ Not heard", "3 members: not known"],
  [{ state: "starting", silentMs: null }, "◌ Starting", "3 members: not known"],
];

for (const [fields, sentence, members] of CASES) {
  Deno.test(`the tile of a host says: ${sentence}`, () => {
    const tile = tileOf({ ...HALL, ...fields }, speechOf("en"));
    assert.deepEqual([tile.sentence, tile.members], [sentence, members]);
  });
}
