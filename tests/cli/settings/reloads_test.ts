import { strict as assert } from "node:assert";
import { Reloads } from "../../../src/cli/settings/reloads.ts";

Deno.test("Reloads does once at the start's end what was requested before, however often", async () => {
  const reloads = new Reloads();
  reloads.request();
  reloads.request();
  const { promise, resolve } = Promise.withResolvers<void>();
  let reads = 0;
  reloads.begin(() => {
    reads++;
    resolve();
    return Promise.resolve();
  });
  await promise;
  assert.equal(reads, 1);
});

Deno.test("Reloads reads one time after the other, and nothing unasked", async () => {
  const reloads = new Reloads();
  const done = Promise.withResolvers<void>();
  let running = 0;
  let reads = 0;
  reloads.begin(async () => {
    assert.equal(++running, 1);
    await Promise.resolve();
    running--;
    if (++reads === 2) done.resolve();
  });
  assert.equal(running, 0);
  reloads.request();
  reloads.request();
  await done.promise;
});
