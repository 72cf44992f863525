import { strict as assert } from "node:assert";
import { BroadcastPort } from "../../../src/roles/hev/broadcast_port.ts";
import type { PacketDialect } from "../../../src/roles/hev/options.ts";
import { eventually, OldClient } from "./station.ts";

const WRITE_STALL_MS = 300;

function listen(dialect: PacketDialect, welcome?: Uint8Array): BroadcastPort {
  return BroadcastPort.listen({
    address: { hostname: "127.0.0.1", port: 0, dialect },
    welcome: () => welcome,
    limits: { writeStallMs: WRITE_STALL_MS },
  });
}

function connect(port: BroadcastPort): Promise<OldClient> {
  return OldClient.connect(Number(new URL(port.urls[0] ?? "").port));
}

/** Counts what arrives until the end. */
async function drain(client: OldClient, onBytes: (count: number) => void): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    for (let count; (count = await client.conn.read(buffer)) !== null;) onBytes(count);
  } catch {
    // Closed by the test.
  }
}

for (const dialect of ["seed", "nul"] as const) {
  Deno.test(`BroadcastPort (${dialect}) disconnects a reader that is stuck, and no other`, async () => {
    await using port = listen(dialect);
    using stuck = await connect(port);
    using healthy = await connect(port);
    await eventually(() => port.clients === 2, "both are known");
    let received = 0;
    const draining = drain(healthy, (count) => received += count);
    const packet = new Uint8Array(30_000).fill(0x20);
    let sent = 0;
    await eventually(() => {
      port.send(packet, { topic: "packet" });
      sent += packet.length;
      return port.clients === 1;
    }, "the stuck one is gone");
    assert.ok(port.counters.dropped > 0, "newer packets replaced older ones");
    // The healthy one may have packets replaced as well while the machine is busy; it gets the last.
    port.send(new Uint8Array(7), { topic: "last" });
    await eventually(() => received % packet.length === 7, "the last packet arrives");
    assert.ok(received <= sent + 7);
    healthy.close();
    stuck.close();
    await draining;
  });
}

Deno.test("BroadcastPort never drops what must arrive: the reader is disconnected instead", async () => {
  await using port = listen("nul");
  using stuck = await connect(port);
  await eventually(() => port.clients === 1, "it is known");
  const alarm = new Uint8Array(30_000).fill(0x20);
  await eventually(() => {
    port.send(alarm, { mustArrive: true });
    return port.clients === 0;
  }, "it is gone");
  assert.equal(port.counters.dropped, 0);
  stuck.close();
});

Deno.test("BroadcastPort leaves a gap after the greeting and then sends the latest", async () => {
  const encoder = new TextEncoder();
  let latest = encoder.encode('{"n":0}');
  await using port = BroadcastPort.listen({
    address: { hostname: "127.0.0.1", port: 0 },
    welcome: () => latest,
  });
  // The greeting is sent after this, and read no sooner than that.
  const before = performance.now();
  using client = await connect(port);
  assert.deepEqual(await client.packet(), { n: 0 });
  for (let n = 1; n <= 3; n++) port.send(latest = encoder.encode(`{"n":${n}}`));
  assert.deepEqual(await client.packet(), { n: 3 });
  assert.ok(performance.now() - before > 35);
});
