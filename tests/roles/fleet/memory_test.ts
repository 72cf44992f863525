import { strict as assert } from "node:assert";
import { fleetStreams } from "../../../src/roles/fleet/memory.ts";

Deno.test("fleetStreams spares the SD cards of three brokers, and loses nothing of one that stops", () => {
  const storages = (replicas: number) =>
    fleetStreams("museum", replicas).map(({ storage, replicas }) => [storage, replicas]);
  assert.deepEqual(storages(1), [["file", 1], ["file", 1]]);
  assert.deepEqual(storages(3), [["memory", 3], ["file", 3]]);
});
