import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import {
  formatHost,
  hostAndPort,
  hostField,
  isLinkLocal,
  parseHost,
  parsePlace,
  zoneOf,
} from "../../../src/wire/url/place.ts";

/** Texts, and what they mean as scheme, host, port and target. */
const TAKEN: Readonly<
  Record<
    string,
    readonly [
      scheme: string | undefined,
      hostname: string,
      port?: number | undefined,
      target?: string,
    ]
  >
> = {
  "10.0.0.7": [undefined, "10.0.0.7"],
  "10.0.0.7:80": [undefined, "10.0.0.7", 80],
  "exhibit-7.lan:65535": [undefined, "exhibit-7.lan", 65_535],
  "a_b": [undefined, "a_b"],
  "::1": [undefined, "::1"],
  "[::1]": [undefined, "::1"],
  "[::1]:9": [undefined, "::1", 9],
  "fe80::1%eth0": [undefined, "fe80::1%eth0"],
  "[fe80::1%eth0]:9": [undefined, "fe80::1%eth0", 9],
  "[fe80::1%25eth0]:9": [undefined, "fe80::1%eth0", 9],
  "http://[fe80::1%wlp2s0.7]:8888/x?y=%25#z": ["http", "fe80::1%wlp2s0.7", 8888, "/x?y=%25"],
  "HTTPS://Station": ["https", "Station"],
  "//station:1": [undefined, "station", 1],
  "http://station:80/": ["http", "station", 80, "/"],
  "station?a=b:c@d": [undefined, "station", undefined, "?a=b:c@d"],
  "münchen:1": [undefined, "xn--mnchen-3ya", 1],
  "host:0": [undefined, "host", 0],
};

const REFUSED: Readonly<Record<string, RegExp>> = {
  "": /must name a host/,
  ":80": /must name a host/,
  "http://": /must name a host/,
  "host:65536": /port number/,
  "host:": /port number/,
  "host:x": /port number/,
  "[::1]x": /port number/,
  "http://me@host": /user name/,
  "tcp://eth0;127.0.0.1:5": /"eth0;127.0.0.1" is none/,
  "a b": /"a b" is none/,
  "[host]": /"host" is none/,
  "10.0.0.7%eth0": /is none/,
  "::1::": /brackets/,
  "fe80::1%eth0:80": /brackets/,
  "[fe80::1%]": /is none/,
  "[fe80::1%a%b]": /is none/,
  "[fe80::1%a b]": /is none/,
};

for (const [text, [scheme, hostname, port, target = ""]] of Object.entries(TAKEN)) {
  Deno.test(`parsePlace reads "${text}"`, () => {
    assert.deepEqual(parsePlace(text), { scheme, hostname, port, target });
  });
}

for (const [text, reason] of Object.entries(REFUSED)) {
  Deno.test(`parsePlace refuses "${text}"`, () => {
    const outcome = parsePlace(text);
    assert.equal(typeof outcome, "string");
    assert.match(String(outcome), reason);
  });
}

Deno.test("parsePlace reads back every host and port that hostAndPort writes", () => {
  const group = fc.nat(0xffff).map((number) => number.toString(16));
  const zone = fc.stringMatching(/^[a-z][a-z0-9.-]{0,14}$/);
  const hostname = fc.oneof(
    fc.ipV4(),
    fc.domain(),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":")),
    fc.tuple(group, zone).map(([last, name]) => `fe80::${last}%${name}`),
  );
  const property = fc.property(hostname, fc.nat(65_535), (name, port) => {
    const text = hostAndPort({ hostname: name, port });
    assert.deepEqual(parsePlace(text), { scheme: undefined, hostname: name, port, target: "" });
    assert.equal(parseHost(formatHost(name)), name);
    assert.equal(parseHost(name), name);
    // What goes over the wire is a URL to everybody.
    assert(URL.canParse(`http://${hostField({ hostname: name, port })}`));
  });
  fc.assert(property);
});

Deno.test("zoneOf and isLinkLocal know addresses that need an interface", () => {
  assert.equal(zoneOf("fe80::1%eth0"), "eth0");
  assert.equal(zoneOf("fe80::1"), undefined);
  assert(isLinkLocal("fe80::1%eth0") && isLinkLocal("febf::1"));
  assert(!isLinkLocal("fec0::1") && !isLinkLocal("127.0.0.1") && !isLinkLocal("fe80"));
});
