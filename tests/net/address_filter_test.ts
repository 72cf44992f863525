import { strict as assert } from "node:assert";
import { AddressFilter, FILTER_BLOCKS_MAX } from "../../src/net/address_filter.ts";
import { type Cidr, parseCidr } from "../../src/core/cidr.ts";

function blocks(...texts: string[]): Cidr[] {
  return texts.map((text) => parseCidr(text) as Cidr);
}

Deno.test("AddressFilter takes everybody when it has no lists", () => {
  const filter = new AddressFilter();
  assert.ok(filter.isOpen);
  assert.ok(filter.admits("1.2.3.4"));
});

Deno.test("AddressFilter takes only who is allowed, and deny wins", () => {
  const filter = new AddressFilter({
    allow: blocks("10.0.0.0/8", "2001:db8::/32"),
    deny: blocks("10.0.0.66"),
  });
  assert.ok(filter.admits("10.0.0.65"));
  assert.ok(filter.admits("::ffff:10.0.0.65"));
  assert.ok(filter.admits("2001:db8::5"));
  assert.ok(!filter.admits("10.0.0.66"));
  assert.ok(!filter.admits("11.0.0.1"));
  assert.ok(!filter.admits("no address"));
});

Deno.test("AddressFilter with a deny list alone takes everybody else", () => {
  const filter = new AddressFilter({ deny: blocks("10.0.0.0/8") });
  assert.ok(!filter.admits("10.1.1.1"));
  assert.ok(filter.admits("11.1.1.1"));
});

Deno.test("AddressFilter refuses lists that are too long", () => {
  const long = new Array(FILTER_BLOCKS_MAX + 1).fill(blocks("10.0.0.0/8")[0]);
  assert.throws(() => new AddressFilter({ allow: long }), /^RangeError: Cannot make filter/);
});
