import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { HEAD_MEMORY_BYTES_MAX, HeadMemory } from "../../../src/wire/http1/head_memory.ts";
import { REQUEST_LIMITS } from "../../../src/wire/http1/limits.ts";
import { bytesOf } from "../../support/tcp.ts";
import { CASES } from "./cases.ts";
import { everyByte, transcriptOf } from "./transcript.ts";

const PARTS = {
  method: "GET",
  minor: 1,
  bodyBytes: 0,
  keepAlive: true,
  expectsContinue: false,
  upgrade: false,
};
const LIMITS = { ...REQUEST_LIMITS, headBytesMax: 120, targetBytesMax: 16 };

/** Requests of which many are alike but for the target, or nearly. */
const REQUEST: fc.Arbitrary<string> = fc.record({
  start: fc.constantFrom("GET ", "GET ", "GET ", "PUT ", "\r\nGET ", "GETX "),
  target: fc.constantFrom(
    "/",
    "/a",
    "/b?1",
    "/\xe4",
    "*",
    "http://a/",
    "a",
    "",
    "/\x7f",
    "/0123456789abcdef",
  ),
  version: fc.constantFrom("1.1", "1.1", "1.1", "1.0", "1.2"),
  fields: fc.constantFrom(
    "Host: a\r\n",
    "Host: a\r\n",
    "Host: b\r\n",
    "Host: a\r\nX: y\r\nA: b\r\n",
    "Host: a\r\nConnection: close\r\n",
    "Host: a\r\nContent-Length: 1\r\n",
    "Host: a\r\nTransfer-Encoding: chunked\r\n",
    `Host: a\r\nX: ${"y".repeat(75)}\r\n`,
  ),
  end: fc.constantFrom("\r\n", "\r\n", "\r\n", "\r\nx", "\r\n0\r\n\r\n", "\n"),
}).map(({ start, target, version, fields, end }) =>
  `${start}${target} HTTP/${version}\r\n${fields}${end}`
);

/** Byte by byte no head is there as a whole when it is first looked at, so none is recognised. */
function isLikeByteByByte(stream: string, cuts: readonly number[]): void {
  const bytes = bytesOf(stream);
  const plain = transcriptOf(bytes, everyByte(bytes.length), LIMITS);
  assert.deepEqual(transcriptOf(bytes, cuts, LIMITS), plain);
}

Deno.test("RequestParser sees the same in heads that it recognises", () => {
  const property = fc.property(
    fc.array(REQUEST, { minLength: 1, maxLength: 6 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    (requests, places) => {
      const stream = requests.join("");
      const cuts = places.map((place) => Math.floor(place * stream.length)).sort((a, b) => a - b);
      isLikeByteByByte(stream, cuts);
      isLikeByteByByte(requests.map((request) => request + request).join(""), []);
    },
  );
  fc.assert(property, { numRuns: 3000 });
});

Deno.test("RequestParser sees each case twice in a row, and after any other, as it is", () => {
  for (const { bytes } of CASES) isLikeByteByByte(bytes + bytes, []);
  const property = fc.property(
    fc.array(fc.constantFrom(...CASES), { minLength: 2, maxLength: 4 }),
    (cases) => isLikeByteByByte(cases.map(({ bytes }) => bytes + bytes).join(""), []),
  );
  fc.assert(property, { numRuns: 1000 });
});

const headOf = (target: string, rest = "1\r\nHost: a\r\n\r\n") =>
  bytesOf(`GET ${target} HTTP/1.${rest}`);
const PLACE = { targetStart: 4, targetEnd: 6 };

Deno.test("HeadMemory recognises what differs in the target only", () => {
  const memory = HeadMemory.of(PARTS, headOf("/a"), PLACE, LIMITS);
  assert(memory !== undefined);
  const recognises = (bytes: Uint8Array, end = bytes.length) =>
    memory.recognise(bytes, 0, end, LIMITS);
  assert(recognises(headOf("/another")));
  assert.deepEqual([memory.targetStart, memory.targetEnd, memory.headEnd], [4, 12, 34]);
  assert(recognises(headOf("/0123456789abcde")));
  assert(!recognises(headOf("/0123456789abcdef")), "a target that is too long");
  assert(!recognises(headOf("/a"), headOf("/a").length - 1), "a head that is not complete");
  assert(!recognises(headOf("a")), "a target that is no path");
  assert(!recognises(headOf("/a b")), "a blank in the target");
  assert(!recognises(headOf("/a", "0\r\nHost: a\r\n\r\n")), "another version");
  assert(!recognises(bytesOf("PUT /a HTTP/1.1\r\nHost: a\r\n\r\n")), "another method");
});

Deno.test("HeadMemory keeps only heads that come again, and the same one once", () => {
  const keep = (head = headOf("/a"), parts = PARTS, place = PLACE, limits = LIMITS) =>
    HeadMemory.of(parts, head, place, limits);
  const memory = keep();
  assert(memory !== undefined);
  assert.equal(keep(headOf("/b")), memory);
  assert.notEqual(keep(headOf("/b"), PARTS, PLACE, { ...LIMITS }), memory, "of another server");
  assert.equal(keep(headOf("/b")), memory);
  assert.equal(keep(headOf("/b"), { ...PARTS, bodyBytes: 3 }), undefined);
  assert.equal(keep(headOf("/b"), { ...PARTS, keepAlive: false }), undefined);
  assert.equal(keep(headOf("/b"), { ...PARTS, upgrade: true }), undefined);
  const longest = `1\r\nX: ${"y".repeat(HEAD_MEMORY_BYTES_MAX - 22)}\r\n\r\n`;
  assert.notEqual(keep(headOf("/b", longest)), undefined);
  assert.equal(keep(headOf("/b", `${longest}!`)), undefined);
  for (
    const [other, targetStart] of [
      [headOf("/a", "1\r\nHost: b\r\n\r\n"), 4],
      [headOf("/a", "1\r\nHost: aa\r\n\r\n"), 4],
      [bytesOf("PUT /a HTTP/1.1\r\nHost: a\r\n\r\n"), 4],
      [bytesOf("POST /a HTTP/1.1\r\nHost: a\r\n\r\n"), 5],
    ] as const
  ) {
    const first = keep();
    const place = { targetStart, targetEnd: targetStart + 2 };
    const second = keep(other, PARTS, place);
    assert.notEqual(second, first);
    assert(second?.recognise(other, 0, other.length, LIMITS));
    assert(!first?.recognise(other, 0, other.length, LIMITS));
  }
});
