import { strict as assert } from "node:assert";
import { type FleetCondition, fleetWarnings } from "../../../src/roles/fleet/warnings.ts";

const WELL: FleetCondition = {
  fleet: "museum",
  host: "foyer",
  isDeaf: false,
  hasHeard: true,
  reason: undefined,
  isCloned: false,
  mayView: true,
  memoryProblem: undefined,
  newer: 0,
  refusal: undefined,
};

const CASES: readonly (readonly [Partial<FleetCondition>, string[]])[] = [
  [{}, []],
  [{ reason: "not reached yet" }, []],
  [{ isDeaf: true, hasHeard: false, reason: "refused" }, [
    "This host has not heard the fleet yet: refused",
  ]],
  [{ isDeaf: true, hasHeard: true }, ["This host does not hear the fleet any more"]],
  [{ isCloned: true }, ["Another host in fleet museum is also named foyer: rename one of them"]],
  [{ mayView: false, memoryProblem: "Permissions Violation" }, [
    "The key of this host may not watch the fleet: name foyer in --consoles of pulsebox fleet plan",
  ]],
  [{ memoryProblem: "timeout" }, ["The fleet has no memory: timeout"]],
  [
    { refusal: { host: "hall", reason: "too large", detail: "70000 bytes, at most 65536", at: 0 } },
    [
      "A message from hall to the fleet cannot be used, too large: 70000 bytes, at most 65536",
    ],
  ],
  [{ refusal: { host: undefined, reason: "wrong subject", detail: "pulsebox.a", at: 0 } }, [
    "A message from an unknown host to the fleet cannot be used, wrong subject: pulsebox.a",
  ]],
  [{ refusal: { host: "h1001", reason: "full", detail: "no room", at: 0 } }, [
    "The fleet has more than 1000 hosts: the others are not shown",
  ]],
  [{
    refusal: { host: "hall", reason: "too many", detail: "more than 10 messages a second", at: 0 },
  }, [
    "Not all that hall sends to the fleet is read: more than 10 messages a second. If that lasts, " +
    "somebody else may have its key",
  ]],
  [{ newer: 3 }, ["3 hosts of the fleet run a newer Pulsebox than this one"]],
];

for (const [change, warnings] of CASES) {
  Deno.test(`fleetWarnings: ${warnings[0] ?? `nothing for ${JSON.stringify(change)}`}`, () => {
    assert.deepEqual(fleetWarnings({ ...WELL, ...change }), warnings);
  });
}
