import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { ZwsEngine } from "../../../src/wire/zws/engine.ts";
import { pieceLengths } from "../hev/splits.ts";
import { ADMIN, ADMIN_ONLY, client, server } from "../zmq/identities.ts";
import { hex, latin, toHex, transcriptOf } from "../zmq/transcript.ts";
import { REFUSED, TAKEN } from "./cases.ts";

for (const { name, us, bytes, events } of [...TAKEN, ...REFUSED]) {
  Deno.test(`ZwsEngine: ${name}`, () => {
    assert.deepEqual(transcriptOf(new ZwsEngine(us), bytes), events);
    assert.deepEqual(transcriptOf(new ZwsEngine(us), bytes, [1]), events);
  });
}

Deno.test("ZwsEngine sees the same in every split", () => {
  const property = fc.property(
    fc.constantFrom(...TAKEN, ...REFUSED),
    pieceLengths(),
    ({ us, bytes, events }, lengths) => {
      assert.deepEqual(transcriptOf(new ZwsEngine(us), bytes, lengths), events);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

Deno.test("ZwsEngine opens as the dialect wants it", () => {
  const router = { identity: server("ROUTER"), subprotocol: "ZWS2.0/NULL" as const };
  assert.equal(
    toHex(new ZwsEngine(router).open()),
    toHex(hex(
      "82 2a 02 05 52 45 41 44 59 0b 53 6f 63 6b 65 74 2d 54 79 70 65 00 00 00 06 52 4f 55 54 45 52" +
        "08 49 64 65 6e 74 69 74 79 00 00 00 00",
    )),
  );
  const plain = { identity: server("XPUB"), subprotocol: "ZWS2.0" as const };
  assert.equal(toHex(new ZwsEngine(plain).open()), "82 01 00");
  assert.equal(new ZwsEngine(plain).expectsPong, false);
  const identity = client("REQ", { name: "NULL" }, "cli-1");
  const makeMask = () => 0x01020304;
  const dealer = new ZwsEngine({ identity, subprotocol: "ZWS2.0", makeMask });
  assert.equal(toHex(dealer.open()), "82 86 01 02 03 04 01 61 6f 6d 2c 33");
  const judge = { identity: server("XPUB", ADMIN_ONLY), subprotocol: "ZWS2.0/PLAIN" as const };
  assert.equal(new ZwsEngine(judge).open().length, 0);
  const admin = { identity: client("SUB", ADMIN), subprotocol: "ZWS2.0/PLAIN" as const };
  assert.match(toHex(new ZwsEngine(admin).open()), /^82 94 00 00 00 00 02 05 48/);
});

Deno.test("ZwsEngine subscribes, pings and says goodbye with masked frames", () => {
  const engine = new ZwsEngine({ identity: client("SUB"), subprotocol: "ZWS2.0/NULL" });
  const topic = hex("4f 6e 53");
  assert.equal(toHex(engine.encodeSubscribe(topic)), "82 85 00 00 00 00 00 01 4f 6e 53");
  assert.equal(toHex(engine.encodeCancel(topic)), "82 85 00 00 00 00 00 00 4f 6e 53");
  assert.equal(toHex(engine.encodePing()), "89 80 00 00 00 00");
  assert.equal(toHex(engine.encodeGoodbye()), "88 82 00 00 00 00 03 e9");
});

Deno.test("ZwsEngine reads back every message that its other side writes", () => {
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(124, 125, 126, 65_534, 65_535, 65_536).map((length) =>
      new Uint8Array(length).fill(7)
    ),
  );
  const messages = fc.array(fc.array(frame, { minLength: 1, maxLength: 4 }), { maxLength: 3 });
  const property = fc.property(
    messages,
    fc.nat(0xffffffff),
    fc.boolean(),
    (sent, mask, asServer) => {
      const waits = { identity: server("ROUTER"), subprotocol: "ZWS2.0" as const };
      const asks = {
        identity: client("DEALER"),
        subprotocol: "ZWS2.0" as const,
        makeMask: () => mask,
      };
      const [from, to] = asServer
        ? [new ZwsEngine(waits), new ZwsEngine(asks)]
        : [new ZwsEngine(asks), new ZwsEngine(waits)];
      transcriptOf(to, from.open());
      const lines = sent.flatMap((message) =>
        transcriptOf(to, from.encoder.encodeMessage(message), [5_000])
      );
      assert.deepEqual(
        lines,
        sent.map((message) => `message ${JSON.stringify(message.map(latin))}`),
      );
    },
  );
  fc.assert(property, { numRuns: 40 });
});

Deno.test("ZwsEngine takes bytes that came with the upgrade", () => {
  const engine = new ZwsEngine({ identity: server("XPUB"), subprotocol: "ZWS2.0" });
  engine.put(hex("82 81 00 00 00 00 00 82 82 00 00 00 00 00 01"));
  assert.deepEqual([engine.next()?.kind, engine.next()?.kind, engine.next()], [
    "ready",
    "subscribe",
    undefined,
  ]);
});

Deno.test("ZwsEngine tells nothing after a goodbye or a violation, whatever else has come", () => {
  for (
    const [bytes, kind] of [["88 80 00 00 00 00", "goodbye"], ["82 81 00 00 00 00 ff", "violation"]]
  ) {
    const engine = new ZwsEngine({ identity: server("XPUB"), subprotocol: "ZWS2.0" });
    engine.put(hex(`82 81 00 00 00 00 00 ${bytes} 82 82 00 00 00 00 00 01`));
    assert.deepEqual([engine.next()?.kind, engine.next()?.kind], ["ready", kind]);
    assert.equal(engine.next(), undefined);
  }
});

/** A frame of a client, with a mask of zeros. */
function masked(payload: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0x82, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0);
  return Uint8Array.from([...head, ...payload]);
}

Deno.test("ZwsEngine takes routing ids and commands of a handshake up to their limits", () => {
  const CASES = [
    ["ZWS2.0", 0, 255, /^ready/],
    ["ZWS2.0", 0, 256, /routing id is too long/],
    // So long a command is listened to, although this one says nothing.
    ["ZWS2.0/NULL", 2, 8_192, /peer sent no command/],
    ["ZWS2.0/NULL", 2, 8_193, /handshake is not made of commands/],
  ] as const;
  for (const [subprotocol, flags, length, expected] of CASES) {
    const engine = new ZwsEngine({ identity: server("XPUB"), subprotocol });
    const [line = ""] = transcriptOf(
      engine,
      masked(Uint8Array.from([flags, ...new Uint8Array(length)])),
    );
    assert.match(line, expected);
  }
});
