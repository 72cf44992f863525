import { strict as assert } from "node:assert";
import { DEAF_RECONNECT_MS_MAX, ECHO_MS_MAX } from "../../../src/roles/fleet/options.ts";
import { Patience, STABLE_MS } from "../../../src/roles/fleet/patience.ts";

/** How long a connection is kept that begins now and carries nothing, in milliseconds. */
function kept(patience: Patience, now: number): number {
  patience.up(now);
  let at = now;
  while (!patience.givesUp(at)) at += ECHO_MS_MAX;
  return at - now;
}

Deno.test("Patience: of brokers too slow for all, each further connection is kept longer", () => {
  const patience = new Patience(() => 0);
  let now = 0;
  const waits = Array.from({ length: 8 }, () => {
    const waitMs = kept(patience, now);
    // A message comes back, but too late.
    now += waitMs;
    patience.up(now);
    patience.heard(now);
    return waitMs;
  });
  assert.deepEqual(
    waits.slice(0, 5),
    [1, 2, 4, 8, 16].map((times) => times * ECHO_MS_MAX),
  );
  assert.deepEqual(waits.slice(5), Array.from({ length: 3 }, () => DEAF_RECONNECT_MS_MAX));
});

Deno.test("Patience: a connection that has worked is given up at once, and the next one early", () => {
  const patience = new Patience(() => 0);
  for (let now = 0; now < 5; now++) kept(patience, now);
  patience.up(10);
  const later = 10 + STABLE_MS;
  patience.heard(later);
  assert.equal(patience.givesUp(later), true);
  assert.equal(kept(patience, later), 2 * ECHO_MS_MAX);
});

Deno.test("Patience: brokers that end their connections cost none", () => {
  const patience = new Patience(() => 0);
  for (let now = 0; now < 5; now++) patience.up(now);
  assert.equal(kept(patience, 10), ECHO_MS_MAX);
});
