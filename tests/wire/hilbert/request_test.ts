import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { NAME_BYTES_MAX } from "../../../src/wire/hilbert/identity.ts";
import { parseHilbertRequest } from "../../../src/wire/hilbert/request.ts";
import { TARGET_CASES } from "./cases.ts";

for (const { name, target, expected } of TARGET_CASES) {
  Deno.test(`parseHilbertRequest reads: ${name}`, () => {
    const request = parseHilbertRequest(target);
    if (request.command === "invalid") assert.deepEqual({ command: "invalid" }, expected);
    else assert.deepEqual(request, expected);
  });
}

Deno.test("parseHilbertRequest says what is wrong with a delay and with a name", () => {
  assert.deepEqual(parseHilbertRequest("/hb_ping?abc"), {
    command: "invalid",
    reason: "delay is not a number",
  });
  assert.deepEqual(parseHilbertRequest("/hb_ping?5&appid=%00"), {
    command: "invalid",
    reason: "name is too long or holds control characters",
  });
  assert.deepEqual(parseHilbertRequest("/heartbeat.html?next=x"), {
    command: "invalid",
    reason: "next is not a number",
  });
});

Deno.test("parseHilbertRequest reads a failure, and cuts a reason of more than 200 characters", () => {
  const reasonOf = (length: number) => {
    const request = parseHilbertRequest(`/hb_fail?5&appid=A&reason=${"x".repeat(length)}`);
    assert.equal(request.command, "fail");
    return "reason" in request ? request.reason : "";
  };
  assert.equal(reasonOf(0), "");
  assert.equal(reasonOf(200), "x".repeat(200));
  assert.equal(reasonOf(201), `${"x".repeat(199)}…`);
});

/** Any bytes that a HTTP parser might let through, often near a real target. */
const targets = fc.oneof(
  fc.array(fc.integer({ min: 0x21, max: 0xff }), { maxLength: 80 })
    .map((codes) => String.fromCharCode(...codes)),
  fc.tuple(
    fc.constantFrom(...TARGET_CASES.map((each) => each.target)),
    fc.nat(),
    fc.integer({ min: 0x21, max: 0xff }),
  ).map(([target, at, code]) => {
    const index = at % target.length;
    return target.slice(0, index) + String.fromCharCode(code) + target.slice(index + 1);
  }),
);

Deno.test("parseHilbertRequest gives a usable request for any target", () => {
  fc.assert(
    fc.property(targets, (target) => {
      const request = parseHilbertRequest(target);
      if ("name" in request && request.name !== undefined) {
        assert(request.name.isWellFormed());
        assert(new TextEncoder().encode(request.name).length <= NAME_BYTES_MAX);
      }
      if ("delay" in request && request.delay !== undefined) {
        assert(Number.isSafeInteger(request.delay));
        assert(!Object.is(request.delay, -0));
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("parseHilbertRequest finds any valid name that was percent-encoded", () => {
  const names = fc.string({ unit: "grapheme", maxLength: 60 })
    // deno-lint-ignore no-control-regex
    .filter((name) => !/[\u0000-\u001f\u007f-\u009f]/.test(name) && name.isWellFormed());
  fc.assert(
    fc.property(names, fc.nat(), (name, delay) => {
      const target = `/hb_ping?${delay}&appid=${encodeURIComponent(name)}&cache_buster=1`;
      assert.deepEqual(parseHilbertRequest(target), { command: "ping", delay, name });
    }),
    { numRuns: 2_000 },
  );
});
