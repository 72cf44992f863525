import { strict as assert } from "node:assert";
import { TriggerClient, type TriggerPing } from "../../../src/clients/trigger/client.ts";
import { TriggerRole } from "../../../src/roles/trigger/role.ts";
import { within } from "../../support/tcp.ts";

function startRole(port = 0, leaseMs = 120_000): { role: TriggerRole; port: number } {
  const role = TriggerRole.start({ addresses: [{ hostname: "127.0.0.1", port }], leaseMs });
  return { role, port: Number(role.addresses[0]?.split(":").pop()) };
}

async function take(client: TriggerClient, count: number): Promise<TriggerPing[]> {
  const pings: TriggerPing[] = [];
  const taking = (async () => {
    for await (const ping of client) {
      pings.push(ping);
      if (pings.length === count) return;
    }
  })();
  await within(taking, `${count} pings`, 12_000);
  return pings;
}

Deno.test("TriggerClient is woken each second", async () => {
  const { role, port } = startRole();
  await using _ = role;
  await using client = new TriggerClient({ hostname: "127.0.0.1", port });
  const pings = await take(client, 3);
  assert.equal(pings[0]?.intervalMs, undefined);
  for (const { intervalMs } of pings.slice(1)) {
    assert.ok(Math.abs((intervalMs ?? NaN) - 1_000) < 250, `interval ${intervalMs}`);
  }
  assert.deepEqual([client.pings, client.registrations, client.dropped], [3, 1, 0]);
});

Deno.test("TriggerClient registers again before its lease is over", async () => {
  const leaseMs = 1_500;
  const { role, port } = startRole(0, leaseMs);
  await using _ = role;
  await using client = new TriggerClient({ hostname: "localhost", port, leaseMs });
  await take(client, 4);
  assert.equal(role.service.counters.datagrams.new, 1);
  assert.ok(role.service.counters.datagrams.refresh >= 4);
});

Deno.test("TriggerClient finds a service again that was restarted", async () => {
  const first = startRole();
  await using client = new TriggerClient({
    hostname: "127.0.0.1",
    port: first.port,
    silenceMs: 1_500,
  });
  await take(client, 1);
  await first.role.stop();
  const second = startRole(first.port);
  await using _ = second.role;
  await take(client, 1);
  assert.ok(client.registrations >= 2);
});

Deno.test("TriggerClient tells why it cannot register, tries on, and ends when told", async () => {
  const told = Promise.withResolvers<string>();
  const abort = new AbortController();
  const client = new TriggerClient({
    hostname: "192.0.2.1",
    local: { hostname: "127.0.0.1" },
    signal: abort.signal,
    onStatus: (status) => status.type === "failed" && told.resolve(status.error.message),
  });
  assert.match(
    await within(told.promise, "a failure"),
    /^Cannot register with "192\.0\.2\.1" port 7561: E[A-Z]+$/,
  );
  abort.abort();
  for await (const ping of client) assert.fail(String(ping.at));
  await within(client.close(), "the end");
});

Deno.test("TriggerClient refuses times that cannot work", () => {
  const hostname = "127.0.0.1";
  assert.throws(() => new TriggerClient({ hostname, leaseMs: 1 }), /leaseMs is 1, must be >= 300/);
  assert.throws(() => new TriggerClient({ hostname, silenceMs: 9 }), /silenceMs is 9, must be/);
});
