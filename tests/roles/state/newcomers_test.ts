import { strict as assert } from "node:assert";
import { Newcomers, NEWCOMERS_BURST } from "../../../src/roles/state/newcomers.ts";

Deno.test("Newcomers counts the addresses of one /64 of IPv6 together", () => {
  const newcomers = new Newcomers(1);
  for (let count = 0; count < NEWCOMERS_BURST; count++) {
    assert.equal(newcomers.admit(`2001:db8::${count + 1}`, 0), 0);
  }
  assert.equal(newcomers.admit("2001:db8::ffff", 0), 1);
  assert.equal(newcomers.admit("2001:db8:0:1::1", 0), 0);
});
