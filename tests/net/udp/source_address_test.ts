import { strict as assert } from "node:assert";
import {
  isAnswerable,
  OWN_ADDRESSES_AGE_MS_MAX,
  OwnAddresses,
} from "../../../src/net/udp/source_address.ts";

Deno.test("isAnswerable knows the addresses that are one host's", () => {
  for (const address of ["10.0.0.1", "127.0.0.1", "223.255.255.255", "::1", "2001:db8::1"]) {
    assert.ok(isAnswerable(address), address);
  }
  for (const address of ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "fe80::1"]) {
    assert.ok(!isAnswerable(address), address);
  }
});

Deno.test("OwnAddresses knows this machine's, loopback and broadcast, and reads them seldom", () => {
  let reads = 0;
  const own = new OwnAddresses(() => {
    reads++;
    return [
      { address: "192.168.1.7", netmask: "255.255.255.0", family: "IPv4" },
      { address: "10.0.0.1", netmask: "255.255.255.254", family: "IPv4" },
      { address: "2001:db8::7", netmask: "ffff:ffff::", family: "IPv6" },
    ];
  });
  for (const address of ["192.168.1.7", "127.9.9.9", "::1", "2001:db8:0::7"]) {
    assert.ok(own.has(address, 0), address);
  }
  assert.ok(!own.has("192.168.1.8", 0));
  assert.ok(!own.has("no address", 0));
  assert.ok(own.isBroadcast("192.168.1.255", 0));
  assert.ok(!own.isBroadcast("10.0.0.1", 0), "a link between two has no broadcast");
  assert.equal(reads, 1);
  own.has("192.168.1.7", OWN_ADDRESSES_AGE_MS_MAX);
  assert.equal(reads, 2);
});

Deno.test("OwnAddresses asks the system if nothing else is given", () => {
  assert.ok(new OwnAddresses().has("127.0.0.1", 0));
  assert.ok(!new OwnAddresses().isBroadcast("192.0.2.1", 0));
});
