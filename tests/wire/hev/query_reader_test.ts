import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import {
  encodeReply,
  QUERY_BYTES_MAX,
  QueryReader,
  type ReadQuery,
} from "../../../src/wire/hev/query_reader.ts";
import { QUERY_CASES } from "./query_cases.ts";
import { byteByByte, pieceLengths, piecesOf } from "./splits.ts";

const encoder = new TextEncoder();

/** The request and how many pieces it took. */
function readAll(pieces: Iterable<Uint8Array>): ReadQuery | undefined {
  const reader = new QueryReader();
  let result: ReadQuery | undefined;
  for (const piece of pieces) {
    const read = reader.push(piece);
    assert.ok(read === undefined || result === undefined, "a request is read once");
    result ??= read;
  }
  return result;
}

function outcome(read: ReadQuery | undefined): unknown {
  return read?.query.type === "refused" ? "refused" : read?.query;
}

for (const { name, bytes, dialect, query } of QUERY_CASES) {
  Deno.test(`QueryReader reads ${name}`, () => {
    const whole = readAll([bytes]);
    assert.deepEqual(outcome(whole), query);
    assert.equal(whole?.dialect, dialect);
    const split = readAll(byteByByte(bytes));
    assert.deepEqual(outcome(split), query);
    fc.assert(
      fc.property(pieceLengths(), (lengths) => {
        assert.deepEqual(outcome(readAll(piecesOf(bytes, lengths))), query);
      }),
      { numRuns: 10 },
    );
  });
}

Deno.test("QueryReader waits for the NUL of a type in capitals, however it is split", () => {
  const bytes = encoder.encode(
    '{"type": "CMD", "cmdtype": "GENERAL", "cmd": "STOP", "param": 1}\0',
  );
  assert.equal(readAll(byteByByte(bytes))?.dialect, "nul");
  const reader = new QueryReader();
  assert.equal(reader.push(bytes.subarray(0, -1)), undefined);
  assert.equal(reader.waitsForNul, true);
  assert.equal(reader.finish()?.dialect, "seed", "it did not come");
  assert.equal(reader.waitsForNul, false);
  assert.equal(reader.finish(), undefined);
});

Deno.test("QueryReader has no request in half of one", () => {
  const reader = new QueryReader();
  assert.equal(reader.push(encoder.encode('{"type":"cmd","cmdtype":"GENERAL')), undefined);
  assert.equal(reader.waitsForNul, false);
  assert.equal(reader.finish(), undefined);
});

Deno.test("QueryReader refuses a second document that comes with the first", () => {
  const read = readAll([encoder.encode('{"type":"alarm","ack":"APNEA"}{}')]);
  assert.equal(outcome(read), "refused");
  assert.equal(outcome(readAll([encoder.encode('{"type":"CMD"} x')])), "refused");
});

Deno.test("QueryReader ignores blanks after the request and bytes after its NUL", () => {
  const alarm = { type: "acknowledge", name: "APNEA" };
  assert.deepEqual(outcome(readAll([encoder.encode('{"type":"alarm","ack":"APNEA"}\r\n')])), alarm);
  const more = encoder.encode('{"type":"alarm","ack":"APNEA"}\0more');
  assert.deepEqual(outcome(readAll([more])), alarm);
});

Deno.test("QueryReader takes 4096 bytes and refuses 4097", () => {
  const frame = '{"type":"alarm","ack":""}';
  const fits = encoder.encode(
    frame.replace('""', `"${"A".repeat(QUERY_BYTES_MAX - frame.length)}"`),
  );
  assert.equal(fits.length, QUERY_BYTES_MAX);
  assert.equal(readAll([fits])?.query.type, "acknowledge");
  assert.equal(readAll(byteByByte(fits))?.query.type, "acknowledge");
  const tooLong = encoder.encode(`${frame.slice(0, -2)}${"A".repeat(QUERY_BYTES_MAX)}`);
  assert.equal(outcome(readAll([tooLong])), "refused");
  assert.equal(outcome(readAll(byteByByte(tooLong))), "refused");
  const withNul = new Uint8Array(QUERY_BYTES_MAX + 2).fill(0x20, 0, -1);
  assert.equal(readAll([withNul])?.dialect, "nul");
});

Deno.test("QueryReader refuses deep nesting like any other object without a type", () => {
  const deep = `{"a":${"[".repeat(2000)}${"]".repeat(2000)}}`;
  assert.equal(outcome(readAll([encoder.encode(deep)])), "refused");
});

Deno.test("encodeReply writes the two replies in either dialect", () => {
  const decoder = new TextDecoder();
  const [seed, nul] = (["seed", "nul"] as const).map((dialect) => ({
    dialect,
    wantsReason: false,
  }));
  assert.ok(seed && nul);
  assert.equal(decoder.decode(encodeReply({ reply: "ack" }, seed)), '{"type": "ack"}');
  const nack = { reply: "nack", reason: 'no "X"' } as const;
  assert.equal(decoder.decode(encodeReply(nack, nul)), '{"type": "nack"}\0');
  const wanted = { ...seed, wantsReason: true };
  assert.equal(
    decoder.decode(encodeReply(nack, wanted)),
    '{"type": "nack", "reason": "no \\"X\\""}',
  );
  assert.equal(decoder.decode(encodeReply({ reply: "ack" }, wanted)), '{"type": "ack"}');
});

Deno.test("QueryReader reads to the end of a request that holds lists", () => {
  const read = readAll(byteByByte(encoder.encode('{"x":[1,{"y":[]}],"type":"broadcast"}')));
  assert.ok(read?.query.type === "refused");
  assert.equal(read.query.reason, 'Cannot take request: type is "broadcast"');
});
