import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { bytesOf, textOf } from "../support/tcp.ts";
import { CASES } from "../wire/http1/cases.ts";
import { everyByte, transcriptOf } from "../wire/http1/transcript.ts";

/** What is done to the bytes of a case: overwrite, insert, remove, repeat, or splice in another. */
type Mutation =
  | { kind: "overwrite" | "insert"; place: number; byte: number }
  | { kind: "remove" | "repeat"; place: number; length: number }
  | { kind: "splice"; place: number; other: string };

const place = fc.double({ min: 0, max: 1, noNaN: true });
/** Bytes that mean something in HTTP are tried more often than others. */
const byte = fc.oneof(
  fc.constantFrom(...bytesOf("\r\n\t :;,/?%0fF\x00\x7f\x80\xff")),
  fc.integer({ min: 0, max: 255 }),
);
const short = CASES.map(({ bytes }) => bytes).filter((bytes) => bytes.length < 600);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("overwrite" as const, "insert" as const), place, byte }),
  fc.record({
    kind: fc.constantFrom("remove" as const, "repeat" as const),
    place,
    length: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant("splice" as const), place, other: fc.constantFrom(...short) }),
);

function mutate(text: string, mutations: readonly Mutation[]): string {
  for (const step of mutations) {
    const at = Math.floor(step.place * text.length);
    switch (step.kind) {
      case "overwrite":
        text = text.slice(0, at) + String.fromCharCode(step.byte) + text.slice(at + 1);
        break;
      case "insert":
        text = text.slice(0, at) + String.fromCharCode(step.byte) + text.slice(at);
        break;
      case "remove":
        text = text.slice(0, at) + text.slice(at + step.length);
        break;
      case "repeat":
        text = text.slice(0, at + step.length) + text.slice(at);
        break;
      case "splice":
        text = text.slice(0, at) + step.other + text.slice(at);
        break;
    }
  }
  return text;
}

const mutants = fc.tuple(
  fc.constantFrom(...short),
  fc.array(mutation, { minLength: 1, maxLength: 5 }),
)
  .map(([text, mutations]) => mutate(text, mutations));

Deno.test("RequestParser sees the same in every split of a mutant", () => {
  const property = fc.property(mutants, fc.array(place, { maxLength: 6 }), (text, places) => {
    const bytes = bytesOf(text);
    const whole = transcriptOf(bytes, []);
    const cuts = places.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b);
    assert.deepEqual(transcriptOf(bytes, cuts), whole);
    assert.deepEqual(transcriptOf(bytes, everyByte(bytes.length)), whole);
  });
  fc.assert(property, { numRuns: 3_000, interruptAfterTimeLimit: 5_000 });
});

Deno.test("RequestParser makes no request out of bytes that cannot hold one", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
    const heads = transcriptOf(bytes, []).filter((line) => line.startsWith("head "));
    const text = textOf(bytes);
    assert(heads.length <= text.split(" HTTP/1.").length - 1, heads.join());
  });
  fc.assert(property, { numRuns: 2_000, interruptAfterTimeLimit: 3_000 });
});
