import { strict as assert } from "node:assert";
import { HostileCrowd } from "../../scripts/torture/hostile_peers.ts";
import { measureWaits } from "../../scripts/torture/honest_client.ts";
import { VictimProcess } from "../../scripts/torture/victim_process.ts";

Deno.test("HttpServer serves while a crowd is silent, half sent and reads nothing", async () => {
  await using server = await VictimProcess.start();
  const before = await server.state();
  using crowd = new HostileCrowd();
  for (const hostility of ["silent", "half-head", "never-reads"] as const) {
    await crowd.add({ count: 200, hostility }, server.victim);
  }
  const waits = await measureWaits(server.victim, 100);
  assert.equal(waits.failed, 0);
  assert(waits.p50Ms < 250, JSON.stringify(waits));
  const during = await server.state();
  assert(during.connections >= 500, JSON.stringify(during));
  assert(during.rss - before.rss < 100_000_000, JSON.stringify({ before, during }));
  crowd.close();
});

Deno.test("HttpServer goes on when the system has no descriptors left", async () => {
  await using server = await VictimProcess.start(200);
  using crowd = new HostileCrowd();
  await crowd.add({ count: 300, hostility: "silent" }, server.victim);
  const waits = await measureWaits(server.victim, 50);
  assert.equal(waits.failed, 0, JSON.stringify(waits));
  const { acceptErrors, connections, closed } = await server.state();
  assert(acceptErrors > 0, "the limit was met");
  assert(connections < 200);
  assert((closed["shed"] ?? 0) >= 100, JSON.stringify(closed));
  // It spins no more once it knows the limit.
  await crowd.add({ count: 100, hostility: "half-head" }, server.victim);
  const later = await server.state();
  assert(later.acceptErrors - acceptErrors <= 5, JSON.stringify(later));
  assert.equal((await measureWaits(server.victim, 20)).failed, 0);
  crowd.close();
});
