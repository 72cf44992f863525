import { strict as assert } from "node:assert";
import { Watchdog } from "../../src/appliance/watchdog.ts";

Deno.test("Watchdog gives signs of life only while nothing is wrong, and tells once why not", () => {
  const problems: string[] = [];
  const told: string[] = [];
  let signs = 0;
  using watchdog = new Watchdog({
    intervalMs: 60_000,
    problems: () => problems,
    pet: () => signs++,
    onSilent: (reasons) => told.push(...reasons),
  });
  assert.equal(signs, 1);
  problems.push("heartbeat: does not answer");
  watchdog.check();
  watchdog.check();
  assert.equal(signs, 1);
  assert.deepEqual(told, ["heartbeat: does not answer"]);
  problems.length = 0;
  watchdog.check();
  assert.equal(signs, 2);
});

Deno.test("Watchdog looks again each interval", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signs = 0;
  using _watchdog = new Watchdog({
    intervalMs: 1,
    problems: () => [],
    pet: () => {
      if (++signs === 3) resolve();
    },
    onSilent: () => {},
  });
  await promise;
});
