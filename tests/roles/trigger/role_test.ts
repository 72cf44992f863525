import { strict as assert } from "node:assert";
import { Events, type PulseEvent } from "../../../src/core/events.ts";
import { AddressFilter } from "../../../src/net/address_filter.ts";
import { ListenError } from "../../../src/net/listen_error.ts";
import { TriggerRole } from "../../../src/roles/trigger/role.ts";
import { within } from "../../support/tcp.ts";
import { intervalsOf, Phone, startRole } from "./phone.ts";

/** How a role may send; both must do the same on the wire. */
const BATCHINGS = [{ batching: "kernel", count: 10 }, { batching: "runtime", count: 4 }] as const;

for (const { batching, count } of BATCHINGS) {
  Deno.test(`TriggerRole (${batching}) pings each second from the listening socket`, async () => {
    const { role, port } = startRole({ batching });
    await using _ = role;
    using phone = Phone.open();
    const registeredAt = performance.now();
    await phone.say(port, Uint8Array.of(0xde, 0xad));
    const pings = await phone.hears(count, 12_000);
    for (const ping of pings) {
      assert.deepEqual(ping.bytes, [0x75, 0x61]);
      assert.deepEqual([ping.hostname, ping.port], ["127.0.0.1", port]);
    }
    assert.ok((pings[0]?.at ?? NaN) - registeredAt <= 1_100, "the first ping comes in time");
    const intervals = intervalsOf(pings);
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
    assert.ok(Math.abs(mean - 1_000) < 50, `mean interval ${mean}`);
  });

  Deno.test(`TriggerRole (${batching}) counts whom it cannot reach and goes on`, async () => {
    const { role, port } = startRole({ batching });
    await using _ = role;
    // A socket bound to loopback has no way to an address of the documentation (RFC 5737).
    role.service.hear(2, "192.0.2.1", 5_000, { index: 0, port }, performance.now());
    using phone = Phone.open();
    await phone.say(port);
    await phone.hears(3);
    const errors = Object.entries(role.metrics()).filter(([name]) => name.includes("send_errors"));
    assert.equal(errors.length, 1);
    const [name = "", count = 0] = errors[0] ?? [];
    assert.match(name, /^tix_send_errors_total\{errno="E[A-Z]+"\}$/);
    assert.ok(count >= 2, `${count} errors`);
    for (const interval of intervalsOf(phone.heard)) {
      assert.ok(Math.abs(interval - 1_000) < 250, `the bystander waited ${interval} ms`);
    }
  });
}

Deno.test("TriggerRole pings a bystander on time while phones whose port is closed are refused", async () => {
  const { role, port } = startRole();
  await using _ = role;
  using phone = Phone.open();
  for (let count = 0; count < 20; count++) {
    // The system answers each ping to it with ICMP "port unreachable".
    using gone = Phone.open();
    await gone.say(port);
    await gone.hears(1);
  }
  await phone.say(port);
  await phone.hears(3);
  for (const interval of intervalsOf(phone.heard)) {
    assert.ok(Math.abs(interval - 1_000) < 250, `the bystander waited ${interval} ms`);
  }
});

Deno.test("TriggerRole pings once a second however often a client registers", async () => {
  const { role, port } = startRole();
  await using _ = role;
  using phone = Phone.open();
  for (let count = 0; count < 6; count++) await phone.say(port);
  const pings = await phone.hears(3);
  for (const interval of intervalsOf(pings)) assert.ok(interval > 800, `interval ${interval}`);
  assert.equal(role.service.counters.datagrams.refresh, 5);
});

Deno.test("TriggerRole ends a lease in time, not early, and takes the client back", async () => {
  const leaseMs = 2_000;
  const expired = Promise.withResolvers<number>();
  const { role, port } = startRole({
    leaseMs,
    onClient: (change) => {
      if (change === "expired") expired.resolve(performance.now());
    },
  });
  await using _ = role;
  using phone = Phone.open();
  const registeredAt = performance.now();
  await phone.say(port);
  const endedAt = await within(expired.promise, "end of the lease");
  const last = (phone.heard.at(-1)?.at ?? NaN) - registeredAt;
  assert.ok(last > leaseMs - 1_100 && last < leaseMs + 1_000, `last ping after ${last} ms`);
  assert.ok(endedAt - registeredAt <= leaseMs + 1_100, `ended after ${endedAt - registeredAt}`);
  const before = phone.heard.length;
  await phone.say(port);
  await phone.hears(before + 1);
});

Deno.test("TriggerRole keeps a client that refreshes without a gap", async () => {
  const { role, port } = startRole({ leaseMs: 1_200 });
  await using _ = role;
  using phone = Phone.open();
  await phone.say(port);
  for (let count = 1; count <= 4; count++) {
    await phone.hears(count);
    await phone.say(port);
  }
  for (const interval of intervalsOf(phone.heard)) assert.ok(interval < 1_200, `${interval}`);
  assert.equal(role.service.counters.expired, 0);
});

Deno.test("TriggerRole registers no datagram of another length and is unharmed by it", async () => {
  const { role, port } = startRole();
  await using _ = role;
  using odd = Phone.open();
  using bystander = Phone.open();
  await bystander.say(port);
  for (const length of [0, 1, 3, 1_400, 60_000]) await odd.say(port, new Uint8Array(length));
  await bystander.hears(2);
  assert.deepEqual(odd.heard, []);
  const { short, long } = role.service.counters.datagrams;
  assert.deepEqual({ short, long }, { short: 2, long: 3 });
});

Deno.test("TriggerRole registers every length where that is asked for", async () => {
  for (const length of [0, 1, 3, 1_400]) {
    const { role, port } = startRole({ lengths: "any" });
    await using _ = role;
    using phone = Phone.open();
    await phone.say(port, new Uint8Array(length));
    await phone.hears(1);
  }
});

Deno.test("TriggerRole serves 2000 clients that come at once", async () => {
  const { role, port } = startRole({ addresses: [{ hostname: "0.0.0.0", port: 0 }] });
  await using _ = role;
  using bystander = Phone.open();
  await bystander.say(port);
  await bystander.hears(1);
  const phones = new DisposableStack();
  using _phones = phones;
  const crowd: Phone[] = [];
  for (let index = 0; index < 2_000; index++) {
    const phone = Phone.open(`127.1.${index >> 8}.${index & 255}`);
    crowd.push(phones.use(phone));
    await phone.say(port);
  }
  const readyAt = bystander.heard.length;
  await bystander.hears(readyAt + 3);
  const counts = crowd.map((phone) => phone.heard.length);
  assert.equal(counts.filter((count) => count >= 1).length, 2_000, "everybody is served");
  const inTime = counts.filter((count) => count >= 2 && count <= 6).length;
  assert.ok(inTime === 2_000, `${inTime} of 2000 have their cadence`);
  for (const interval of intervalsOf(bystander.heard)) {
    assert.ok(Math.abs(interval - 1_000) < 250, `the bystander waited ${interval} ms`);
  }
});

Deno.test("TriggerRole answers neither itself nor services like it", async () => {
  const { role, port } = startRole();
  await using _ = role;
  using twin = Phone.open("127.0.0.2", port);
  using bystander = Phone.open();
  await twin.say(port);
  await bystander.say(port);
  await bystander.hears(2);
  assert.deepEqual(twin.heard, []);
  assert.equal(role.service.counters.datagrams.self, 1);
});

Deno.test("TriggerRole takes only those whom its lists let in", async () => {
  const { role, port } = startRole({
    sources: new AddressFilter({
      allow: [{ bytes: Uint8Array.of(127, 0, 0, 0), prefixBits: 24 }],
      deny: [{ bytes: Uint8Array.of(127, 0, 0, 9), prefixBits: 32 }],
    }),
  });
  await using _ = role;
  using allowed = Phone.open("127.0.0.1");
  using denied = Phone.open("127.0.0.9");
  using stranger = Phone.open("127.0.1.1");
  await denied.say(port);
  await stranger.say(port);
  await allowed.say(port);
  await allowed.hears(2);
  assert.deepEqual([denied.heard, stranger.heard], [[], []]);
  assert.equal(role.service.counters.datagrams.refused_address, 2);
});

Deno.test("TriggerRole refuses a second instance on its port", async () => {
  const { role, port } = startRole();
  await using _ = role;
  assert.throws(
    () => TriggerRole.start({ addresses: [{ hostname: "127.0.0.1", port }] }),
    (error) => error instanceof ListenError && error.kind === "in-use",
  );
});

Deno.test("TriggerRole stops within a second and then pings nobody", async () => {
  const { role, port } = startRole();
  using phone = Phone.open();
  await phone.say(port);
  await phone.hears(1);
  const startedAt = performance.now();
  await role.stop();
  await role.stop();
  assert.ok(performance.now() - startedAt < 1_000);
  assert.match(role.selfCheck(performance.now()) ?? "", /^Cannot ping: /);
  using heir = Phone.open("127.0.0.1", port);
  assert.equal(heir.port, port);
});

Deno.test("TriggerRole is well while it ticks, and says so when it does not", async () => {
  const { role } = startRole();
  await using _ = role;
  assert.equal(role.selfCheck(performance.now()), undefined);
  assert.match(role.selfCheck(performance.now() + 4_500) ?? "", /the last tick was \d+ ms ago/);
});

Deno.test("TriggerRole tells each minute what happened, and nothing when nothing did", async () => {
  const events = new Events();
  const told = Promise.withResolvers<void>();
  using subscription = Object.assign(events.subscribe({ onWaiting: () => told.resolve() }), {
    [Symbol.dispose]: () => {},
  });
  let aheadMs = 0;
  const { role, port } = startRole({ events, now: () => performance.now() + aheadMs });
  await using _ = role;
  using phone = Phone.open();
  await phone.say(port);
  await phone.hears(1);
  aheadMs = 60_000;
  await within(told.promise, "an event");
  const event: PulseEvent | undefined = subscription.take();
  assert.equal(event?.type, "trigger-minute");
  assert.equal(event?.type === "trigger-minute" && event.registered, 1);
  subscription.close();
});

Deno.test("TriggerRole listens on IPv4 and IPv6 at once, each address counting as what it is", async () => {
  const { role, port } = startRole({
    addresses: [{ hostname: "0.0.0.0", port: 0 }, { hostname: "::", port: 0 }],
  });
  await using _ = role;
  using four = Phone.open("127.0.0.1");
  using six = Phone.open("::1");
  await four.say(port);
  await six.say(port, Uint8Array.of(0, 0), "::1");
  const [fromFour] = await four.hears(2);
  const [fromSix] = await six.hears(2);
  assert.deepEqual([fromFour?.hostname, fromSix?.hostname], ["127.0.0.1", "::1"]);
  assert.equal(role.service.clients.sizeAt("127.0.0.1"), 1);
});

Deno.test("TriggerRole pings from the socket that was spoken to", async () => {
  const { role, port } = startRole({
    addresses: [{ hostname: "127.0.0.2", port: 0 }, { hostname: "127.0.0.3", port: 0 }],
  });
  await using _ = role;
  using phone = Phone.open();
  await phone.say(port, Uint8Array.of(1, 2), "127.0.0.3");
  const [ping] = await phone.hears(1);
  assert.deepEqual([ping?.hostname, ping?.port], ["127.0.0.3", port]);
});

Deno.test("TriggerRole never asks for the wall time, so that setting the clock changes nothing", async () => {
  const { role, port } = startRole({
    clock: { now: () => performance.now(), wall: () => assert.fail("asked for the wall time") },
  });
  await using _ = role;
  using phone = Phone.open();
  await phone.say(port);
  await phone.hears(2);
  assert.equal(role.selfCheck(performance.now()), undefined);
});
