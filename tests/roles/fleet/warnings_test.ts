import { strict as assert } from "node:assert";
import { type FleetCondition, fleetWarnings } from "../../../src/roles/fleet/warnings.ts";

const WELL: FleetCondition = {
  fleet: "museum",
  host: "foyer",
  isDeaf: false,
  heardMsAgo: 900,
  reason: undefined,
  isCloned: false,
  memoryProblem: undefined,
  newer: 0,
};

const CASES: readonly (readonly [Partial<FleetCondition>, string[]])[] = [
  [{}, []],
  [{ reason: "not reached yet" }, []],
  [{ isDeaf: true, heardMsAgo: undefined, reason: "refused" }, [
    "This host has not heard the fleet yet: refused",
  ]],
  [{ isDeaf: true, heardMsAgo: 12_300 }, ["This host has not heard the fleet for 12 s"]],
  [{ isCloned: true }, ["Another host of fleet museum has the name foyer too: rename one of them"]],
  [{ memoryProblem: "timeout" }, ["The fleet has no memory: timeout"]],
  [{ newer: 3 }, ["3 of the fleet's hosts have a newer Pulsebox than this one"]],
];

for (const [change, warnings] of CASES) {
  Deno.test(`fleetWarnings: ${warnings[0] ?? `nothing for ${JSON.stringify(change)}`}`, () => {
    assert.deepEqual(fleetWarnings({ ...WELL, ...change }), warnings);
  });
}
