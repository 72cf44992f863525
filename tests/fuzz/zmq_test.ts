import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { encodeFrame, maskFrames, OPCODE } from "../../src/wire/websocket/frame.ts";
import { ZmtpEngine } from "../../src/wire/zmtp/engine.ts";
import type { ZmqEngine } from "../../src/wire/zmq/engine.ts";
import { ZwsEngine } from "../../src/wire/zws/engine.ts";
import { pieceLengths } from "../wire/hev/splits.ts";
import { transcriptOf } from "../wire/zmq/transcript.ts";
import * as zmtp from "../wire/zmtp/cases.ts";
import * as zws from "../wire/zws/cases.ts";

/** An engine to be made anew for each run, and bytes for it. */
interface Seed {
  readonly make: () => ZmqEngine;
  readonly bytes: Uint8Array;
}

const SEEDS: readonly Seed[] = [
  ...[...zmtp.TAKEN, ...zmtp.REFUSED].map(({ us, bytes }) => ({
    make: () => new ZmtpEngine(us),
    bytes,
  })),
  ...[...zws.TAKEN, ...zws.REFUSED].map(({ us, bytes }) => ({
    make: () => new ZwsEngine(us),
    bytes,
  })),
].filter(({ bytes }) => bytes.length < 700);

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
/** Bytes that mean something in a frame are tried more often than others. */
const byte = fc.oneof(
  fc.constantFrom(0, 1, 2, 4, 5, 0x7e, 0x7f, 0x80, 0x82, 0x89, 0xfe, 0xff),
  fc.integer({ min: 0, max: 255 }),
);
const mutation = fc.oneof(
  fc.record({ kind: fc.constantFrom("overwrite" as const, "insert" as const), place, byte }),
  fc.record({ kind: fc.constant("remove" as const), place, byte: fc.integer({ min: 1, max: 40 }) }),
);

function mutate(
  bytes: Uint8Array,
  mutations: readonly { kind: string; place: number; byte: number }[],
) {
  const numbers = [...bytes];
  for (const { kind, place, byte } of mutations) {
    const at = Math.floor(place * numbers.length);
    if (kind === "overwrite") numbers[at] = byte;
    else if (kind === "insert") numbers.splice(at, 0, byte);
    else numbers.splice(at, byte);
  }
  return Uint8Array.from(numbers);
}

Deno.test("engines see the same in every split of a mutant", () => {
  const mutant = fc.record({
    seed: fc.constantFrom(...SEEDS),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 5 }),
    lengths: pieceLengths(),
  });
  const property = fc.property(mutant, ({ seed, mutations, lengths }) => {
    const bytes = mutate(seed.bytes, mutations);
    const whole = transcriptOf(seed.make(), bytes);
    assert.deepEqual(transcriptOf(seed.make(), bytes, lengths), whole);
    assert.deepEqual(transcriptOf(seed.make(), bytes, [1]), whole);
  });
  fc.assert(property, { numRuns: 3_000, interruptAfterTimeLimit: 5_000 });
});

Deno.test("engines make no peer out of random bytes", () => {
  const run = fc.record({
    seed: fc.constantFrom(...SEEDS),
    bytes: fc.uint8Array({ maxLength: 400 }),
    isFramed: fc.boolean(),
  });
  const property = fc.property(run, ({ seed, bytes, isFramed }) => {
    // Random bytes in a frame that is good get further.
    const input = isFramed
      ? maskFrames(encodeFrame(OPCODE.binary, bytes), () => 0x01020304)
      : bytes;
    const lines = transcriptOf(seed.make(), input);
    assert(!lines.some((line) => line.startsWith("ready X")), lines.join());
  });
  fc.assert(property, { numRuns: 2_000, interruptAfterTimeLimit: 3_000 });
});
