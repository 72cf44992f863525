import { strict as assert } from "node:assert";
import { addressBlock } from "../../src/core/address_block.ts";

Deno.test("addressBlock takes a /64 of IPv6 for one peer, and each address of IPv4 for its own", () => {
  assert.equal(addressBlock("2001:db8:0:1::1"), addressBlock("2001:db8:0:1:ffff:ffff:ffff:ffff"));
  assert.notEqual(addressBlock("2001:db8:0:1::1"), addressBlock("2001:db8:0:2::1"));
  for (const alone of ["127.0.0.1", "127.0.0.2", "192.0.2.1", "fe80::1%eth0", "fe80::2%eth0"]) {
    assert.equal(addressBlock(alone), alone);
  }
  assert.notEqual(addressBlock("::1"), addressBlock("2001:db8::1"));
});
