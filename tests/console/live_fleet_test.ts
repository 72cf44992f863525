/**
 * What the event stream tells of a fleet, and to whom.
 */

import { strict as assert } from "node:assert";
import { STREAM_BYTES_MAX } from "../../src/console/live/event_stream.ts";
import type { FleetHost, FleetPanel, FleetStatus } from "../../src/console/panels.ts";
import { TokenTable } from "../../src/console/tokens.ts";
import { within } from "../support/tcp.ts";
import { type Bench, setUp } from "./bench.ts";
import { EventReader } from "./event_reader.ts";

const STATUS: FleetStatus = {
  fleet: "museum",
  host: "desk",
  verdict: "well",
  saying: { key: "fleet.well", values: { count: 1 } },
  headline: "All 1 hosts are well",
  deaf: false,
  heardMsAgo: 1,
  broker: null,
  hosts: { lost: 0, gone: 0, late: 0, unknown: 0, starting: 0, maintenance: 0, ok: 1 },
  warnings: [],
};

function hostNamed(host: string): FleetHost {
  const texts = { label: null, headline: "All is well", url: null, version: "1" };
  const since = "2026-01-01T00:00:00.000Z";
  return { host, ...texts, state: "ok", since, silentMs: 1, verdict: "well", counts: null };
}

/** A fleet that a test changes as it likes. */
class Fleet implements FleetPanel {
  readonly all = new Map([["foyer", hostNamed("foyer")], ["hall", hostNamed("hall")]]);
  isDeaf = false;
  listeners = 0;
  #listener: () => void = () => {};

  change(host: FleetHost): void {
    this.all.set(host.host, host);
    this.#listener();
  }

  tell(): void {
    this.#listener();
  }

  status(): FleetStatus {
    return { ...STATUS, deaf: this.isDeaf };
  }

  hosts(): FleetHost[] {
    return [...this.all.values()];
  }

  host(): undefined {}

  // deno-lint-ignore require-yield -- there is nothing to find
  *find(): Generator<void, { members: []; total: 0 }> {
    return { members: [], total: 0 };
  }

  forget(): boolean {
    return false;
  }

  listen(listener: () => void): Disposable {
    this.listeners++;
    this.#listener = listener;
    return { [Symbol.dispose]: () => void this.listeners-- };
  }
}

async function follow(bench: Bench, init: RequestInit = {}): Promise<EventReader> {
  return new EventReader(await bench.request("/api/v1/events?fleet=1", init));
}

Deno.test("who asks for the fleet gets all hosts, then those that change, and how the fleet is", async () => {
  const fleet = new Fleet();
  using bench = setUp({ panels: { fleet } });
  await using events = await follow(bench);
  const { data: first } = await events.next("fleet");
  assert.equal(first.all, true);
  assert.deepEqual(first.hosts, fleet.hosts());
  assert.equal(first.at, "2026-01-01T00:00:00.000Z");
  // Nothing but time has passed.
  fleet.all.set("hall", { ...hostNamed("hall"), silentMs: 900 });
  fleet.change({ ...hostNamed("foyer"), headline: "1 of 2 is lost", verdict: "lost" });
  const { data: second } = await events.next("fleet");
  assert.equal(second.all, false);
  assert.deepEqual(second.hosts.map(({ host }: FleetHost) => host), ["foyer"]);
  assert.equal(second.hosts[0].headline, "1 of 2 is lost");
  fleet.all.delete("foyer");
  fleet.tell();
  const { data: third } = await events.next("fleet");
  assert.deepEqual([third.hosts, third.forgotten], [[], ["foyer"]]);
  fleet.isDeaf = true;
  fleet.tell();
  assert.equal((await events.next("fleet")).data.status.deaf, true);
  // A sign of life each second, whether anything changes or not.
  const { data: last } = await events.next("fleet");
  assert.deepEqual([last.hosts, last.forgotten, last.status.deaf], [[], [], true]);
});

Deno.test("who does not ask for the fleet hears nothing of it", async () => {
  const fleet = new Fleet();
  using bench = setUp({ panels: { fleet } });
  await using other = new EventReader(await bench.request("/api/v1/events"));
  assert.equal(fleet.listeners, 0, "nobody wants to know");
  {
    await using events = await follow(bench);
    assert.equal(fleet.listeners, 1);
    await events.next("fleet");
    fleet.change({ ...hostNamed("foyer"), headline: "changed" });
    await events.next("fleet");
    // Whatever was sent to all is before the second pulse.
    await other.next("pulse");
    await other.next("pulse");
    assert.equal(other.names.has("fleet"), false);
  }
  assert.equal(fleet.listeners, 0, "nobody wants to know any more");
});

Deno.test("a listener that was too slow for the fleet gets all of it again", async () => {
  const fleet = new Fleet();
  using bench = setUp({ panels: { fleet } });
  await using events = await follow(bench);
  await events.next("fleet");
  const headline = "x".repeat(STREAM_BYTES_MAX);
  fleet.change({ ...hostNamed("foyer"), headline });
  const { data } = await events.next("fleet");
  assert.deepEqual([data.all, data.hosts.length], [true, 2]);
});

Deno.test("the fleet is told to nobody without the right to read, and no longer than that lasts", async () => {
  const fleet = new Fleet();
  const token = "r".repeat(32);
  using bench = setUp({ panels: { fleet }, tokens: `read ${token}` });
  const refused = await bench.request("/api/v1/events?fleet=1");
  assert.equal(refused.status, 401);
  assert.equal(fleet.listeners, 0);
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await bench.request("/api/v1/events?fleet=1", { headers });
  const reader = body?.getReader() ?? assert.fail();
  await within(reader.read(), "the fleet");
  bench.access.replace(TokenTable.parse(`read ${"o".repeat(32)}`));
  assert.equal((await within(reader.read(), "the end")).done, true);
  assert.equal(fleet.listeners, 0);
});

Deno.test("a host that is no console of a fleet tells of none", async () => {
  using bench = setUp();
  const { status } = await bench.request("/api/v1/events?fleet=1");
  assert.equal(status, 404);
  assert.equal(bench.app.metrics()["pulsebox_event_streams"], 0);
});
