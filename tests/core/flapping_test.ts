import { strict as assert } from "node:assert";
import { FLAP_IDENTITIES_MAX, FlapDetector } from "../../src/core/flapping.ts";

const LIMITS = { beginsAt: 3, endsBelow: 2, windowMs: 1_000 };

Deno.test("FlapDetector begins with the last of several outages within the window", () => {
  const detector = new FlapDetector(LIMITS);
  assert.equal(detector.outage("a", 0), "steady");
  assert.equal(detector.outage("a", 400), "steady");
  assert.equal(detector.outage("b", 400), "steady");
  assert.equal(detector.outage("a", 800), "begins");
  assert.equal(detector.outage("a", 900), "flapping");
  assert.ok(detector.isFlapping("a", 900));
  assert.ok(!detector.isFlapping("b", 900));
});

Deno.test("FlapDetector ends later than it begins: hysteresis", () => {
  const detector = new FlapDetector(LIMITS);
  for (const at of [0, 400, 800]) detector.outage("a", at);
  // Two of the three are left: not enough to begin, enough to go on.
  assert.ok(detector.isFlapping("a", 1_100));
  assert.ok(detector.isFlapping("a", 1_400));
  assert.ok(!detector.isFlapping("a", 1_401));
  assert.equal(detector.outage("a", 1_500), "steady");
});

Deno.test("FlapDetector never begins for outages that are far apart", () => {
  const detector = new FlapDetector(LIMITS);
  for (let at = 0; at < 100_000; at += 600) assert.equal(detector.outage("a", at), "steady");
});

Deno.test("FlapDetector forgets, and remembers a bounded number", () => {
  const detector = new FlapDetector(LIMITS);
  for (const at of [0, 1, 2]) detector.outage("a", at);
  detector.forget("a");
  assert.ok(!detector.isFlapping("a", 3));
  for (let count = 0; count <= FLAP_IDENTITIES_MAX; count++) detector.outage(`b${count}`, 3);
  assert.equal(detector.size, FLAP_IDENTITIES_MAX);
  assert.ok(!detector.isFlapping(`b5`, 5_000));
  assert.equal(detector.size, FLAP_IDENTITIES_MAX - 1, "who is well costs nothing");
});
