import { strict as assert } from "node:assert";
import { hostAndPort, isLoopback, plainAddress } from "../../src/net/address.ts";

Deno.test("plainAddress writes mapped addresses in IPv4 form and leaves others alone", () => {
  assert.equal(plainAddress("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(plainAddress("::ffff:c000:207"), "192.0.2.7");
  for (const other of ["192.0.2.7", "::1", "::", "fe80::1", "::ffff:1:2:3", "::ffff:x:y"]) {
    assert.equal(plainAddress(other), other);
  }
});

Deno.test("isLoopback knows the addresses of this machine alone", () => {
  for (const own of ["127.0.0.1", "127.9.8.7", "::1", "localhost", "::ffff:127.0.0.1"]) {
    assert(isLoopback(own), own);
  }
  for (const other of ["0.0.0.0", "::", "192.0.2.7", "128.0.0.1", "127.evil.example", "fe80::1"]) {
    assert(!isLoopback(other), other);
  }
});

Deno.test("hostAndPort brackets IPv6", () => {
  assert.equal(hostAndPort({ hostname: "127.0.0.1", port: 8888 }), "127.0.0.1:8888");
  assert.equal(hostAndPort({ hostname: "::1", port: 8888 }), "[::1]:8888");
});
