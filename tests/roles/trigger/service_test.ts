import { strict as assert } from "node:assert";
import { OwnAddresses } from "../../../src/net/udp/source_address.ts";
import { type TriggerOptions, triggerRules } from "../../../src/roles/trigger/options.ts";
import { TurnRecipients } from "../../../src/roles/trigger/turn_recipients.ts";
import {
  type ClientChange,
  FAILURES_IN_ROW_MAX,
  TriggerService,
} from "../../../src/roles/trigger/service.ts";
import { PHASES } from "../../../src/roles/trigger/tick_grid.ts";

const SOCKET = { index: 0, port: 7561 };

/** A service in virtual time, whose every turn is run. */
class Bench {
  readonly service: TriggerService;
  readonly recipients: TurnRecipients;
  readonly changes: [ClientChange, string][] = [];
  now = 0;
  #turn = 0;

  constructor(options: TriggerOptions = {}) {
    this.service = new TriggerService({
      rules: triggerRules(options),
      now: 0,
      seed: 1,
      own: new OwnAddresses(() => [
        { address: "10.0.0.1", netmask: "255.255.255.0", family: "IPv4" },
      ]),
      ...(options.sources === undefined ? {} : { sources: options.sources }),
      onClient: (change, hostname, port) => this.changes.push([change, `${hostname}:${port}`]),
    });
    this.recipients = new TurnRecipients(this.service.clients);
  }

  hear(hostname: string, port = 5_000) {
    return this.service.hear(2, hostname, port, SOCKET, this.now);
  }

  /** Runs turns up to a time; returns who was pinged. */
  runTo(ms: number, onPing?: (client: number) => void): string[] {
    const pinged: string[] = [];
    for (; this.#turn * 1_000 / PHASES <= ms; this.#turn++) {
      this.now = this.#turn * 1_000 / PHASES;
      this.service.collect(this.#turn, [this.recipients], this.now);
      for (let index = 0; index < this.recipients.count; index++) {
        pinged.push(this.recipients.hostname(index));
        onPing?.(this.recipients.client(index));
      }
    }
    this.now = ms;
    return pinged;
  }
}

Deno.test("TriggerService pings until the lease is over: never early, at most a tick late", () => {
  for (const leaseMs of [1_000, 1_500, 120_000]) {
    const bench = new Bench({ leaseMs, unconfirmedPingsMax: 0 });
    assert.equal(bench.hear("10.0.0.2"), "new");
    const pings = bench.runTo(leaseMs + 5_000).length;
    assert.ok(pings >= leaseMs / 1_000 - 1 && pings <= leaseMs / 1_000 + 1, `${pings} pings`);
    assert.equal(bench.service.clients.size, 0);
    assert.equal(bench.service.counters.expired, 1);
    assert.equal(bench.hear("10.0.0.2"), "new");
  }
});

Deno.test("TriggerService lets a refresh win over the end of the lease in the same instant", () => {
  const bench = new Bench({ leaseMs: 1_000 });
  bench.hear("10.0.0.2");
  bench.runTo(999);
  bench.now = 1_000;
  assert.equal(bench.hear("10.0.0.2"), "refresh");
  bench.runTo(1_500);
  assert.equal(bench.service.clients.size, 1);
});

Deno.test("TriggerService keeps a client's phase and fills all phases alike", () => {
  const bench = new Bench();
  for (let port = 2_000; port < 2_000 + 10 * PHASES; port++) bench.hear("10.0.0.2", port);
  const { clients } = bench.service;
  for (let phase = 0; phase < PHASES; phase++) assert.equal(clients.sizeOfPhase(phase), 10);
  const client = clients.find("10.0.0.2", 2_005, 0);
  const phase = clients.phase(client);
  bench.hear("10.0.0.2", 2_005);
  assert.equal(clients.phase(client), phase);
});

Deno.test("TriggerService has one phase for all where that is asked for", () => {
  const bench = new Bench({ phases: "together" });
  for (let port = 2_000; port < 2_100; port++) bench.hear("10.0.0.2", port);
  assert.equal(bench.service.clients.sizeOfPhase(0), 100);
});

Deno.test("TriggerService gives a client that was heard once only so many pings", () => {
  const bench = new Bench({ unconfirmedPingsMax: 60 });
  bench.hear("10.0.0.2");
  bench.hear("10.0.0.3");
  bench.hear("10.0.0.3");
  const pinged = bench.runTo(119_000);
  assert.equal(pinged.filter((hostname) => hostname === "10.0.0.2").length, 60);
  assert.equal(pinged.filter((hostname) => hostname === "10.0.0.3").length, 119);
  assert.deepEqual(bench.changes.at(-1), ["unconfirmed", "10.0.0.2:5000"]);
});

Deno.test("TriggerService drops a client after ten failures in a row, and only in a row", () => {
  const bench = new Bench();
  bench.hear("10.0.0.2");
  bench.hear("10.0.0.3");
  let pings = 0;
  bench.runTo(60_000, (client) => {
    const isLucky = bench.service.clients.hostname(client) === "10.0.0.3" && ++pings % 10 === 0;
    if (!isLucky) bench.service.fail(client, "ENETUNREACH");
  });
  assert.deepEqual(bench.changes.filter(([change]) => change === "dropped"), [
    ["dropped", "10.0.0.2:5000"],
  ]);
  assert.equal(bench.service.counters.dropped, 1);
  assert.ok(bench.service.counters.totals().sendErrors > FAILURES_IN_ROW_MAX);
});

/** Sources that are refused, by what they are refused for. */
const REFUSED: readonly { name: string; source: [string, number]; result: string }[] = [
  { name: "port 0", source: ["10.0.0.2", 0], result: "refused_port" },
  { name: "a service's port", source: ["10.0.0.2", 53], result: "refused_port" },
  { name: "the last low port", source: ["10.0.0.2", 1_023], result: "refused_port" },
  { name: "our own port elsewhere", source: ["10.0.0.2", 7_561], result: "self" },
  { name: "ourselves", source: ["10.0.0.1", 7_561], result: "self" },
  { name: "unspecified", source: ["0.0.0.0", 5_000], result: "refused_address" },
  { name: "this network", source: ["0.1.2.3", 5_000], result: "refused_address" },
  { name: "multicast", source: ["224.0.0.1", 5_000], result: "refused_address" },
  { name: "reserved", source: ["240.0.0.1", 5_000], result: "refused_address" },
  { name: "broadcast", source: ["255.255.255.255", 5_000], result: "refused_address" },
  { name: "our network's broadcast", source: ["10.0.0.255", 5_000], result: "refused_address" },
  { name: "IPv6 unspecified", source: ["::", 5_000], result: "refused_address" },
  { name: "IPv6 multicast", source: ["ff02::1", 5_000], result: "refused_address" },
  { name: "IPv6 link-local", source: ["fe80::1", 5_000], result: "refused_address" },
];

for (const { name, source, result } of REFUSED) {
  Deno.test(`TriggerService refuses a forged source: ${name}`, () => {
    const bench = new Bench();
    assert.equal(bench.hear(...source), result);
    assert.deepEqual([bench.service.clients.size, bench.service.clients.addresses], [0, 0]);
  });
}

Deno.test("TriggerService takes low ports and its own where that is asked for, never itself", () => {
  const bench = new Bench({ lowPorts: "take", ownPort: "take" });
  assert.equal(bench.hear("10.0.0.2", 53), "new");
  assert.equal(bench.hear("10.0.0.2", 7_561), "new");
  assert.equal(bench.hear("10.0.0.1", 7_561), "self");
  assert.equal(bench.hear("127.0.0.1", 7_561), "self");
  assert.equal(bench.hear("10.0.0.2", 0), "refused_port");
});

Deno.test("TriggerService refuses new clients over a cap, evicts nobody, and limits no refresh", () => {
  const bench = new Bench({ clientsMax: 3, clientsPerAddressMax: 2, newPerSecondMax: 100 });
  assert.equal(bench.hear("10.0.0.2", 2_001), "new");
  assert.equal(bench.hear("10.0.0.2", 2_002), "new");
  assert.equal(bench.hear("10.0.0.2", 2_003), "refused_cap");
  assert.equal(bench.hear("10.0.0.3", 2_001), "new");
  assert.equal(bench.hear("10.0.0.4", 2_001), "refused_cap");
  for (let count = 0; count < 1_000; count++) {
    assert.equal(bench.hear("10.0.0.2", 2_001), "refresh");
  }
  assert.equal(bench.service.clients.size, 3);
});

Deno.test("TriggerService counts all addresses of one /64 of IPv6 together", () => {
  const bench = new Bench({ clientsPerAddressMax: 2, newPerSecondMax: 100 });
  assert.equal(bench.hear("2001:db8::1", 2_001), "new");
  assert.equal(bench.hear("2001:db8::2", 2_001), "new");
  assert.equal(bench.hear("2001:db8::3", 2_001), "refused_cap");
  assert.equal(bench.hear("2001:db8::1", 2_001), "refresh");
  assert.equal(bench.hear("2001:db8:0:1::1", 2_001), "new");
});

Deno.test("TriggerService limits how fast new clients come", () => {
  const bench = new Bench({ newPerSecondMax: 10 });
  const results = (start: number) =>
    Array.from({ length: 20 }, (_, index) => bench.hear("10.0.0.2", start + index))
      .filter((result) => result === "new").length;
  assert.equal(results(2_000), 10);
  bench.now = 500;
  assert.equal(results(3_000), 5);
  bench.now = 60_000;
  assert.equal(results(4_000), 10, "no more than one burst is saved up");
});

Deno.test("TriggerService is as it was after a million forged registrations", () => {
  const bench = new Bench({ clientsMax: 1_000, newPerSecondMax: 1_000_000, leaseMs: 1_000 });
  for (let index = 0; index < 1_000_000; index++) {
    bench.now = index / 10;
    bench.hear(
      `10.${index >> 16 & 255}.${index >> 8 & 255}.${index & 255}`,
      2_000 + index % 60_000,
    );
    if (index % 300 === 0) bench.runTo(bench.now);
    assert.ok(bench.service.clients.size <= 1_000);
  }
  bench.runTo(bench.now + 3_000);
  assert.deepEqual([bench.service.clients.size, bench.service.clients.addresses], [0, 0]);
});

Deno.test("triggerRules refuses numbers out of range by name", () => {
  assert.throws(
    () => triggerRules({ leaseMs: 99 }),
    /^RangeError: .*leaseMs is 99, must be 100 to/,
  );
  assert.throws(() => triggerRules({ clientsMax: 1.5 }), /clientsMax is 1.5/);
  assert.throws(() => triggerRules({ newPerSecondMax: Number.NaN }), /newPerSecondMax is NaN/);
});

/** When the originals register, in seconds: the README's client each third of the lease, the app. */
const ORIGINALS: Readonly<Record<string, readonly number[]>> = {
  "the README's client": [0, 40, 80, 120, 160, 200],
  "the app": [0, 5, 35, 65, 95, 125, 155, 185],
  "the app in the foreground": Array.from({ length: 48 }, (_, index) => index * 5),
};

/** Pings of 240 s and the longest time without one, in milliseconds. */
function cadenceOf(seconds: readonly number[], options: TriggerOptions) {
  const bench = new Bench(options);
  const pingedAt: number[] = [];
  for (const second of seconds) {
    bench.runTo(second * 1_000, () => pingedAt.push(bench.now));
    bench.hear("10.0.0.2");
  }
  bench.runTo(240_000, () => pingedAt.push(bench.now));
  const gaps = pingedAt.slice(1).map((at, index) => at - (pingedAt[index] ?? 0));
  return { pings: pingedAt.length, gapMs: Math.max(...gaps) };
}

for (const [name, seconds] of Object.entries(ORIGINALS)) {
  Deno.test(`TriggerService pings ${name} without a gap by default`, () => {
    const { pings, gapMs } = cadenceOf(seconds, {});
    assert.ok(gapMs <= 1_000.001, `${gapMs} ms without a ping`);
    assert.ok(pings >= 239, `${pings} pings`);
  });
}

Deno.test("TriggerService gives one forged datagram half of what the lease would", () => {
  assert.equal(cadenceOf([0], {}).pings, 60);
  assert.equal(cadenceOf([0], { unconfirmedPingsMax: 8 }).pings, 8);
  assert.ok(cadenceOf([0], { unconfirmedPingsMax: 0 }).pings >= 119);
});

Deno.test("TriggerService with a budget of 8 leaves the README's client alone for half a minute", () => {
  // Why 8 is not the default.
  const { gapMs } = cadenceOf(ORIGINALS["the README's client"] ?? [], { unconfirmedPingsMax: 8 });
  assert.ok(gapMs > 30_000);
  assert.ok(cadenceOf(ORIGINALS["the app"] ?? [], { unconfirmedPingsMax: 8 }).gapMs <= 1_000.001);
});
