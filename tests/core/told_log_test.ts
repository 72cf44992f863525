import { strict as assert } from "node:assert";
import { TOLD_HOSTS_MAX, ToldLog, type ToldRecord } from "../../src/core/told_log.ts";

Deno.test("ToldLog follows a number of hosts, those that were told of last", () => {
  const log = new ToldLog();
  const lost = (n: number): ToldRecord => ({
    ...{ kind: "lost", id: `outage-${n}`, steward: "desk", phase: "lost", claim: 0 },
    beat: { epoch: 1, n },
  });
  const names = Array.from({ length: TOLD_HOSTS_MAX }, (_, index) => `host-${index}`);
  for (const [index, name] of names.entries()) log.take(name, lost(index), index + 1, 0);
  // What is said of the oldest makes it the youngest.
  log.take("host-0", { ...lost(0), kind: "sent" }, names.length + 1, 0);
  log.take("another", lost(names.length), names.length + 2, 0);
  assert.equal(log.lasting("host-0")?.lost.isSent, true);
  assert.equal(log.lasting("host-1"), undefined);
  assert.ok(names.slice(2).every((name) => log.lasting(name) !== undefined));
  assert.ok(log.lasting("another") !== undefined);
});
