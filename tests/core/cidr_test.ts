import { strict as assert } from "node:assert";
import { isIPv4, isIPv6 } from "node:net";
import { fc } from "../packages/fast_check.ts";
import {
  type Cidr,
  cidrContains,
  formatIpv4,
  parseAddress,
  parseCidr,
  parseIpv4,
} from "../../src/core/cidr.ts";

const ADDRESSES: readonly [string, string | undefined][] = [
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["127.0.0.1", "127.0.0.1"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["::ffff:a01:203", "10.1.2.3"],
  ["::", new Array(16).fill(0).join(".")],
  ["::1", [...new Array(15).fill(0), 1].join(".")],
  ["fe80::1%eth0", [0xfe, 0x80, ...new Array(13).fill(0), 1].join(".")],
  ["1:2:3:4:5:6:7:8", "0.1.0.2.0.3.0.4.0.5.0.6.0.7.0.8"],
  ["64:ff9b::192.0.2.1", "0.100.255.155.0.0.0.0.0.0.0.0.192.0.2.1"],
  ["", undefined],
  ["1.2.3", undefined],
  ["1.2.3.4.5", undefined],
  ["1.2.3.256", undefined],
  ["01.2.3.4", undefined],
  ["1..3.4", undefined],
  ["1.2.3.4 ", undefined],
  ["1:2:3:4:5:6:7", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1::2::3", undefined],
  ["1:2:3:4:5:6:7::8", undefined],
  ["1.2.3.4::", undefined],
  ["12345::", undefined],
  ["localhost", undefined],
];

for (const [text, bytes] of ADDRESSES) {
  Deno.test(`parseAddress reads "${text}"`, () => {
    assert.equal(parseAddress(text)?.join("."), bytes);
  });
}

Deno.test("parseAddress takes what Node takes, for IPv4 and IPv6", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
    assert.equal(parseAddress(text) !== undefined, isIPv4(text) || isIPv6(text));
  }));
  const noise = fc.string({ unit: fc.constantFrom(..."0123456789abcf:.%"), maxLength: 20 });
  fc.assert(fc.property(noise, (text) => {
    if (text.includes("%")) return;
    assert.equal(parseAddress(text) !== undefined, isIPv4(text) || isIPv6(text), text);
    assert.equal(parseIpv4(text) !== undefined, isIPv4(text), text);
  }));
});

Deno.test("parseIpv4 gives the number of an address", () => {
  assert.equal(parseIpv4("127.1.2.3"), 0x7f010203);
  assert.equal(parseIpv4("255.255.255.255"), 0xffffffff);
  fc.assert(fc.property(fc.ipV4(), (text) => {
    assert.equal(formatIpv4(parseIpv4(text) ?? NaN), text);
  }));
});

const MEMBERSHIPS: readonly [string, string, boolean][] = [
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.0.0.129/25", "10.0.0.200", true],
  ["10.0.0.128/25", "10.0.0.127", false],
  ["0.0.0.0/0", "1.2.3.4", true],
  ["0.0.0.0/0", "::1", false],
  ["::/0", "1.2.3.4", false],
  ["192.0.2.7", "192.0.2.7", true],
  ["192.0.2.7", "192.0.2.8", false],
  ["fe80::/10", "febf::1", true],
  ["fe80::/10", "fec0::1", false],
  ["10.0.0.0/8", "::ffff:10.0.0.1", true],
];

for (const [block, address, isIn] of MEMBERSHIPS) {
  Deno.test(`cidrContains: ${address} ${isIn ? "is" : "is not"} in ${block}`, () => {
    const bytes = parseAddress(address);
    assert.ok(bytes !== undefined);
    assert.equal(cidrContains(parseCidr(block) as Cidr, bytes), isIn);
  });
}

for (
  const text of ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "10.0.0.0/8/8", "lan"]
) {
  Deno.test(`parseCidr says what is wrong with "${text}"`, () => {
    assert.match(String(parseCidr(text)), /^must /);
  });
}
