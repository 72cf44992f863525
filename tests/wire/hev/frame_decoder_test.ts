import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { encodeFrame, type Frame, PAYLOAD_BYTES_MAX } from "../../../src/wire/hev/frame.ts";
import { FrameDecoder, type FrameEvent } from "../../../src/wire/hev/frame_decoder.ts";
import { FRAME_CASES, join, STREAM_CASES } from "./frame_cases.ts";
import { byteByByte, pieceLengths, piecesOf } from "./splits.ts";

function decoded(pieces: Iterable<Uint8Array>): FrameEvent[] {
  const decoder = new FrameDecoder();
  const events: FrameEvent[] = [];
  for (const piece of pieces) decoder.push(piece, (event) => events.push(event));
  return events;
}

function framesOf(pieces: Iterable<Uint8Array>): FrameEvent[] {
  return decoded(pieces).filter((event) => event.kind !== "noise");
}

const PLAIN = { noNullPrototype: true } as const;

function anyFrame(): fc.Arbitrary<Frame> {
  const address = fc.constantFrom(0xc0, 0x80, 0x40, 0x60, 0x00);
  const number = fc.nat(127);
  // Flags and escapes are what goes wrong.
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x7e, 0x7d, 0x5e, 0x5d));
  const payload = fc.array(byte, { maxLength: PAYLOAD_BYTES_MAX }).map((all) =>
    new Uint8Array(all)
  );
  return fc.oneof(
    fc.record({ kind: fc.constant("information" as const), address, number, payload }, PLAIN),
    fc.record(
      { kind: fc.constantFrom("acknowledgement" as const, "refusal"), address, number },
      PLAIN,
    ),
  );
}

const ALL = [
  ...FRAME_CASES.map(({ name, bytes, frame }) => ({ name, bytes, events: [frame] })),
  ...STREAM_CASES,
];

for (const { name, bytes, events } of ALL) {
  Deno.test(`FrameDecoder reads ${name}`, () => {
    assert.deepEqual(decoded([bytes]), events);
    assert.deepEqual(decoded(byteByByte(bytes)), events);
    fc.assert(
      fc.property(pieceLengths(), (lengths) => {
        assert.deepEqual(decoded(piecesOf(bytes, lengths)), events);
      }),
      { numRuns: 5 },
    );
  });
}

Deno.test("FrameDecoder reads back whatever encodeFrame writes, in any pieces", () => {
  fc.assert(
    fc.property(fc.array(anyFrame(), { maxLength: 5 }), pieceLengths(), (frames, lengths) => {
      const bytes = join(...frames.map(encodeFrame));
      assert.deepEqual(decoded(piecesOf(bytes, lengths)), frames);
    }),
  );
});

Deno.test("FrameDecoder loses at most the one frame that garbage hits", () => {
  const numbered = Array.from({ length: 6 }, (_, number): Frame => {
    return { kind: "information", address: 0x40, number, payload: Uint8Array.of(0x7e, number) };
  });
  const encoded = numbered.map(encodeFrame);
  const whole = join(...encoded);
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.uint8Array({ maxLength: 30 }),
      fc.nat(3),
      (at, garbage, overwritten) => {
        const bytes = join(whole.subarray(0, at), garbage, whole.subarray(at + overwritten));
        // The frames that the change touches, flags included.
        let start = 0;
        const untouched = numbered.filter((_, index) => {
          const end = start + (encoded[index]?.length ?? 0);
          const touched = at < end && at + overwritten > start || (at > start && at < end);
          start = end;
          return !touched;
        });
        const found = framesOf([bytes]).map((event) => JSON.stringify(event));
        for (const frame of untouched) assert.ok(found.includes(JSON.stringify(frame)));
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("FrameDecoder hands out payloads that later bytes do not change", () => {
  const decoder = new FrameDecoder();
  const events: FrameEvent[] = [];
  const frame: Frame = {
    kind: "information",
    address: 0x40,
    number: 0,
    payload: Uint8Array.of(1, 2),
  };
  const bytes = encodeFrame(frame);
  decoder.push(bytes, (event) => events.push(event));
  bytes.fill(0);
  decoder.push(bytes, (event) => events.push(event));
  assert.deepEqual(events, [frame]);
});

Deno.test("FrameDecoder takes the longest frame, and one byte between flags for noise", () => {
  const payload = new Uint8Array(PAYLOAD_BYTES_MAX).fill(1);
  const longest: Frame = { kind: "information", address: 0x40, number: 1, payload };
  assert.deepEqual(decoded([encodeFrame(longest)]), [longest]);
  assert.deepEqual(decoded([Uint8Array.of(0x7e, 0x41, 0x7e)]), [
    { kind: "noise", reason: "short", bytes: 1 },
  ]);
});
