import { strict as assert } from "node:assert";
import { HeartbeatCounters } from "../../src/roles/heartbeat/counters.ts";
import { lineCounters } from "../../src/roles/hev/controller_line.ts";
import { GameCounters } from "../../src/roles/state/counters.ts";
import { TriggerCounters } from "../../src/roles/trigger/counters.ts";
import { sourcesBelow } from "../support/files_below.ts";

/** Counters by the folder of their role. */
const COUNTERS: Readonly<Record<string, object>> = {
  heartbeat: new HeartbeatCounters(),
  hev: lineCounters(),
  state: new GameCounters(),
  trigger: new TriggerCounters(),
};

/** All numbers of an object, by the way to them. */
function numbersOf(value: object, way: string): [way: string, value: number][] {
  return Object.entries(value).flatMap(([name, each]): [string, number][] =>
    typeof each === "number"
      ? [[`${way}.${name}`, each]]
      : typeof each === "object" && each !== null
      ? numbersOf(each, `${way}.${name}`)
      : []
  );
}

Deno.test("all counters of roles begin with nothing", () => {
  for (const [role, counters] of Object.entries(COUNTERS)) {
    const numbers = numbersOf(counters, role);
    assert.ok(numbers.length > 3, role);
    assert.deepEqual(numbers.filter(([, value]) => value !== 0), []);
  }
  const folders = sourcesBelow(new URL("../../src/roles/", import.meta.url))
    .flatMap((path) => /^(\w+)\/counters\.ts$/.exec(path)?.[1] ?? []);
  for (const role of folders) assert.ok(role in COUNTERS, `the counters of ${role} are looked at`);
});
