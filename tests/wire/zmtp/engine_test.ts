import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { ZMTP_ENCODER } from "../../../src/wire/zmtp/frame.ts";
import { pieceLengths } from "../hev/splits.ts";
import { client, server } from "../zmq/identities.ts";
import { hex, latin, toHex, transcriptOf } from "../zmq/transcript.ts";
import { REFUSED, TAKEN } from "./cases.ts";

/** The greeting and READY of a publisher. */
const READY = hex(
  `ff${"00".repeat(8)}7f03014e554c4c${"00".repeat(48)}` +
    "04 19 05 52 45 41 44 59 0b 53 6f 63 6b 65 74 2d 54 79 70 65 00 00 00 03 50 55 42",
);

for (const { name, us, bytes, events } of [...TAKEN, ...REFUSED]) {
  Deno.test(`ZmtpEngine: ${name}`, () => {
    assert.deepEqual(transcriptOf(new ZmtpEngine(us), bytes), events);
    assert.deepEqual(transcriptOf(new ZmtpEngine(us), bytes, [1]), events);
  });
}

Deno.test("ZmtpEngine sees the same in every split", () => {
  const property = fc.property(
    fc.constantFrom(...TAKEN, ...REFUSED),
    pieceLengths(),
    ({ us, bytes, events }, lengths) => {
      assert.deepEqual(transcriptOf(new ZmtpEngine(us), bytes, lengths), events);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

Deno.test("ZmtpEngine sends its whole greeting at once, with READY", () => {
  const zeros = (count: number) => "00".repeat(count);
  assert.equal(
    toHex(new ZmtpEngine(server("ROUTER")).open()),
    toHex(hex(
      `ff ${zeros(8)} 7f 03 01 4e 55 4c 4c ${zeros(48)}` +
        "04 29 05 52 45 41 44 59 0b 53 6f 63 6b 65 74 2d 54 79 70 65 00 00 00 06 52 4f 55 54 45 52" +
        "08 49 64 65 6e 74 69 74 79 00 00 00 00",
    )),
  );
});

Deno.test("ZmtpEngine subscribes by the lower of both versions", () => {
  const topic = hex("4f 6e 53");
  const subscriptionAfter = (minor: string) => {
    const engine = new ZmtpEngine(client("SUB"));
    const greeting = `ff${"00".repeat(8)}7f03${minor}4e554c4c${"00".repeat(48)}`;
    transcriptOf(engine, hex(greeting));
    return [toHex(engine.encodeSubscribe(topic)), toHex(engine.encodeCancel(topic))];
  };
  assert.deepEqual(subscriptionAfter("00"), ["00 04 01 4f 6e 53", "00 04 00 4f 6e 53"]);
  assert.deepEqual(subscriptionAfter("01"), [
    "04 0d 09 53 55 42 53 43 52 49 42 45 4f 6e 53",
    "04 0a 06 43 41 4e 43 45 4c 4f 6e 53",
  ]);
});

Deno.test("ZmtpEngine reads back every message that it writes", () => {
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(254, 255, 256, 70_000).map((length) => new Uint8Array(length).fill(7)),
  );
  const messages = fc.array(fc.array(frame, { minLength: 1, maxLength: 5 }), { maxLength: 4 });
  const property = fc.property(messages, (sent) => {
    const engine = new ZmtpEngine(server("XSUB"));
    transcriptOf(engine, READY);
    const lines = sent.flatMap((message) =>
      transcriptOf(engine, ZMTP_ENCODER.encodeMessage(message), [4_000])
    );
    assert.deepEqual(
      lines,
      sent.map((message) => `message ${JSON.stringify(message.map(latin))}`),
    );
  });
  fc.assert(property, { numRuns: 40 });
});

Deno.test("ZmtpEngine pings without a limit and says no goodbye", () => {
  const engine = new ZmtpEngine(server("XPUB"));
  assert.equal(toHex(engine.encodePing()), "04 07 04 50 49 4e 47 00 00");
  assert.equal(engine.encodeGoodbye().length, 0);
});

Deno.test("ZmtpEngine takes a frame of the largest size in every piece, and none that is larger", () => {
  const messageBytesMax = 100_000;
  for (
    const [length, expected] of [[messageBytesMax, "message"], [
      messageBytesMax + 1,
      "violation",
    ]] as const
  ) {
    const engine = new ZmtpEngine(server("XSUB"), { messageBytesMax, partsMax: 3 });
    transcriptOf(engine, READY);
    const bytes = ZMTP_ENCODER.encodeMessage([new Uint8Array(length)]);
    let event = engine.next();
    for (let at = 0; event === undefined && at < bytes.length;) {
      const space = engine.space();
      assert.ok(space.length > 0, "there is room for the rest");
      const piece = bytes.subarray(at, at + Math.min(space.length, 4_000));
      space.set(piece);
      engine.commit(piece.length);
      at += piece.length;
      event = engine.next();
    }
    assert.equal(event?.kind, expected);
  }
});

Deno.test("ZmtpEngine tells nothing after a violation, whatever else has come", () => {
  const engine = new ZmtpEngine(server("XSUB"));
  transcriptOf(engine, READY);
  engine.put(hex("ff 00 01 61"));
  assert.equal(engine.next()?.kind, "violation");
  assert.equal(engine.next(), undefined);
  assert.equal(engine.departure(), undefined);
});

Deno.test("ZmtpEngine explains a peer that leaves between its signature and the end of the handshake", () => {
  const engine = new ZmtpEngine(server("XSUB"));
  const isExplained = [0, 9, 10, 64, READY.length].map((end, index, ends) => {
    engine.put(READY.subarray(ends[index - 1] ?? 0, end));
    while (engine.next() !== undefined);
    return engine.departure() !== undefined;
  });
  assert.deepEqual(isExplained, [false, false, true, true, false]);
});

Deno.test("ZmtpEngine takes commands of a handshake up to their limit", () => {
  const greeting = READY.subarray(0, 64);
  for (const [bytes, kind] of [["20 00", undefined], ["20 01", "violation"]] as const) {
    const engine = new ZmtpEngine(server("XSUB"));
    engine.put(greeting);
    engine.put(hex(`06 00 00 00 00 00 00 ${bytes}`));
    assert.equal(engine.next()?.kind, kind, bytes);
  }
});
