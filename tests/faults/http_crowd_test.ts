import { strict as assert } from "node:assert";
import { HostileCrowd } from "../../scripts/torture/hostile_peers.ts";
import { measureWaits } from "../../scripts/torture/honest_client.ts";
import { VictimProcess } from "../../scripts/torture/victim_process.ts";
import { UNSERVED_WITH_TLS_MAX } from "../../src/net/tcp/handshakes.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { requirement } from "../support/require.ts";

/** What 1 000 silent peers and all handshakes may take: measured are 45 MB, and 150 MB if each peer got a session. */
const GROWTH_WITH_TLS_BYTES_MAX = 70_000_000;

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
  await using server = await VictimProcess.start({ descriptorsMax: 200 });
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

if (
  requirement("a crowd at a port with TLS", {
    name: "OpenSSL",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("a crowd costs a port with TLS no more than one without, wherever its handshakes stop", async () => {
    using directory = temporaryDirectory();
    const tls = makeCertificate(directory.path, "crowded");
    await using server = await VictimProcess.start({ tls });
    using client = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(tls.cert)] });
    const ask = async () => {
      const { hostname, port } = server.victim;
      const response = await fetch(`https://${hostname}:${port}/`, {
        client,
        headers: { Connection: "close" },
      });
      assert.equal(await response.text(), "4000");
    };
    for (let count = 0; count < 20; count++) await ask();
    const before = await server.state();
    using crowd = new HostileCrowd();
    for (const hostility of ["silent", "half-hello", "hello", "hello"] as const) {
      await crowd.add({ count: 500, hostility }, server.victim);
      for (let count = 0; count < 10; count++) await ask();
    }
    const during = await server.state();
    assert.ok(during.accepted - before.accepted >= 2_000, JSON.stringify(during));
    // Half of them have said hello; only so many of those are waited for at a time.
    assert.ok(during.connections <= 1_000 + UNSERVED_WITH_TLS_MAX + 1, JSON.stringify(during));
    assert.ok(
      (during.closed["shed"] ?? 0) >= 1_000 - UNSERVED_WITH_TLS_MAX,
      JSON.stringify(during),
    );
    const growth = during.rss - before.rss;
    assert.ok(growth < GROWTH_WITH_TLS_BYTES_MAX, `${growth} bytes more than before`);
  });
}
