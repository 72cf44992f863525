/**
 * Runs in a network of its own: whatever the table of options calls a port listens on both addresses of
 * a name.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { TriggerClient } from "../../src/clients/trigger/client.ts";
import { optionOf } from "../../src/appliance/settings/options.ts";
import { parsePlace } from "../../src/wire/url/place.ts";
import { within } from "../support/tcp.ts";
import { addressesOf, PORT_KEYS, startOn } from "./host_with_names.ts";
import { runProcess } from "./pulsebox_process.ts";

for (const name of ["localhost", "both"]) {
  await using host = startOn(name);
  for (const role of new Set(PORT_KEYS.map((key) => optionOf(key).listens?.role ?? ""))) {
    const ports = PORT_KEYS.filter((key) => optionOf(key).listens?.role === role);
    const urls = await addressesOf(host, role, 2 * ports.length);
    const hostsOf = new Map<number, string[]>();
    for (const url of urls) {
      const place = parsePlace(url);
      assert(typeof place !== "string" && place.port !== undefined, url);
      const { hostname, port, scheme } = place;
      hostsOf.set(port, [...hostsOf.get(port) ?? [], hostname]);
      if (scheme === "udp") await isWoken(hostname, port);
      else (await Deno.connect({ hostname, port })).close();
    }
    assert.equal(hostsOf.size, ports.length, `${role}: one port for both addresses`);
    for (const hosts of hostsOf.values()) {
      assert.deepEqual(hosts.toSorted(), ["127.0.0.1", "::1"], role);
    }
  }
  // The own tools find it there, whichever address they take.
  const [url = ""] = await addressesOf(host, "console", 2);
  const place = parsePlace(url);
  assert(typeof place !== "string");
  const found = await runProcess([
    "members",
    `--console-host=${name}`,
    `--console-port=${place.port}`,
  ]);
  assert.equal(found.status, 0, found.stderr);
  // A phone that knows the name is woken, also if the first address is of IPv6.
  const [trigger = ""] = await addressesOf(host, "trigger", 2);
  const service = parsePlace(trigger);
  assert(typeof service !== "string" && service.port !== undefined);
  await isWoken(name, service.port);
}

// The name's first address is of IPv6, the service knows IPv4 alone, and the other way round.
for (const hostname of ["127.0.0.1", "::1"]) {
  await using host = startOn(hostname);
  const [url = ""] = await addressesOf(host, "trigger", 1);
  const place = parsePlace(url);
  assert(typeof place !== "string" && place.port !== undefined);
  const registrations = await isWoken("both", place.port);
  // A service listens on IPv4 unless told otherwise: that is where a client looks first.
  if (hostname === "127.0.0.1") assert.equal(registrations, 1);
}

/** How many registrations it takes. */
async function isWoken(hostname: string, port: number): Promise<number> {
  await using client = new TriggerClient({ hostname, port, silenceMs: 1_500 });
  const { done } = await within(
    client[Symbol.asyncIterator]().next(),
    `a ping from ${hostname} port ${port}`,
    12_000,
  );
  assert.equal(done, false);
  return client.registrations;
}
