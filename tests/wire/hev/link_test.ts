import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { ADDRESSES, encodeFrame, type Frame } from "../../../src/wire/hev/frame.ts";
import { FrameDecoder } from "../../../src/wire/hev/frame_decoder.ts";
import { Link, type LinkOptions, type Outcome } from "../../../src/wire/hev/link.ts";
import { hex } from "./frame_cases.ts";
import { Line, StrictPeer } from "./line.ts";

/** A link and everything that came out of it. */
class Harness {
  readonly written: Frame[] = [];
  readonly delivered: string[] = [];
  readonly settled: [number, Outcome][] = [];
  readonly link: Link;
  verdict: "usable" | "unusable" = "usable";

  constructor(options?: LinkOptions) {
    this.link = new Link({
      write: (bytes) =>
        new FrameDecoder().push(bytes, (event) => {
          assert.notEqual(event.kind, "noise");
          if (event.kind !== "noise") this.written.push(event);
        }),
      deliver: (payload) => {
        this.delivered.push(payload.toHex());
        return this.verdict;
      },
      settled: (ticket, outcome) => this.settled.push([ticket, outcome]),
    }, options);
  }

  /** What was written since the last call, short: kind, address, number, payload. */
  take(): string[] {
    return this.written.splice(0).map((frame) =>
      frame.kind === "information"
        ? `I ${frame.address.toString(16)} ${frame.number} ${frame.payload.toHex()}`
        : `${frame.kind === "refusal" ? "NACK" : "ACK"} ${
          frame.address.toString(16)
        } ${frame.number}`
    );
  }

  info(number: number, payload: string, address: number = ADDRESSES.data): string[] {
    this.link.receive({ kind: "information", address, number, payload: hex(payload) }, 0);
    return this.take();
  }

  ack(number: number, now: number, address: number = ADDRESSES.command): string[] {
    this.link.receive({ kind: "acknowledgement", address, number }, now);
    return this.take();
  }

  nack(number: number, now: number, address: number = ADDRESSES.command): string[] {
    this.link.receive({ kind: "refusal", address, number }, now);
    return this.take();
  }

  poll(now: number): string[] {
    this.link.poll(now);
    return this.take();
  }
}

Deno.test("Link acknowledges with the address it received and the next number", () => {
  const harness = new Harness();
  assert.deepEqual(harness.info(0, "01"), ["ACK 40 1"]);
  assert.deepEqual(harness.info(127, "02", ADDRESSES.alarm), ["ACK c0 0"]);
  assert.deepEqual(harness.info(5, "03", 0x60), ["ACK 60 6"], "any number, the reserved bit too");
  assert.deepEqual(harness.delivered, ["01", "02", "03"]);
});

Deno.test("Link refuses what cannot be used, with the same number", () => {
  const harness = new Harness();
  harness.verdict = "unusable";
  assert.deepEqual(harness.info(3, "01"), ["NACK 40 4"]);
  assert.deepEqual(harness.info(3, "01"), ["NACK 40 4"], "a repetition is refused again");
  assert.deepEqual(harness.delivered, ["01"], "but not delivered again");
});

Deno.test("Link delivers a repetition once and acknowledges it each time", () => {
  const harness = new Harness();
  assert.deepEqual(harness.info(0, "01"), ["ACK 40 1"]);
  assert.deepEqual(harness.info(0, "01"), ["ACK 40 1"]);
  assert.deepEqual(harness.info(1, "01"), ["ACK 40 2"]);
  assert.deepEqual(harness.info(1, "01", ADDRESSES.alarm), ["ACK c0 2"]);
  assert.deepEqual(harness.info(1, "02", ADDRESSES.alarm), ["ACK c0 2"]);
  assert.deepEqual(harness.info(1, "0200", ADDRESSES.alarm), ["ACK c0 2"]);
  assert.deepEqual(harness.delivered, ["01", "01", "01", "02", "0200"]);
});

Deno.test("Link sends one payload at a time and the most urgent next", () => {
  const harness = new Harness();
  const { link } = harness;
  assert.equal(link.nextWake(), undefined);
  assert.equal(link.send(hex("01"), "data", 0), 1);
  assert.equal(link.send(hex("02"), "data", 0), 2);
  assert.equal(link.send(hex("03"), "command", 0), 3);
  assert.equal(link.send(hex("04"), "alarm", 0), 4);
  assert.equal(link.pending, 4);
  assert.deepEqual(harness.take(), ["I 40 0 01"]);
  assert.deepEqual(harness.ack(1, 5, ADDRESSES.data), ["I c0 1 04"]);
  assert.equal(link.nextWake(), 55);
  assert.deepEqual(harness.ack(2, 6, ADDRESSES.alarm), ["I 80 2 03"]);
  assert.deepEqual(harness.ack(3, 7), ["I 40 3 02"]);
  assert.deepEqual(harness.ack(4, 8, ADDRESSES.data), []);
  assert.equal(link.nextWake(), undefined);
  assert.equal(link.pending, 0);
  assert.deepEqual(harness.settled.map(([ticket]) => ticket), [1, 4, 3, 2]);
});

Deno.test("Link ignores answers that are late, foreign or unasked", () => {
  const harness = new Harness();
  assert.deepEqual(harness.ack(1, 0), []);
  assert.deepEqual(harness.nack(1, 0), []);
  harness.link.send(hex("01"), "command", 0);
  harness.take();
  harness.ack(0, 1);
  harness.ack(2, 1);
  harness.ack(1, 1, ADDRESSES.data);
  assert.deepEqual(harness.settled, []);
  harness.ack(1, 1);
  harness.ack(1, 1);
  assert.deepEqual(harness.settled, [[1, "acknowledged"]]);
});

Deno.test("Link sends again every 50 ms, ten times, then gives up and goes on with a new number", () => {
  const harness = new Harness();
  harness.link.send(hex("01"), "command", 100);
  harness.link.send(hex("02"), "command", 100);
  assert.deepEqual(harness.take(), ["I 80 0 01"]);
  assert.deepEqual(harness.poll(149), []);
  for (let attempt = 2; attempt <= 10; attempt++) {
    assert.deepEqual(harness.poll(100 + 50 * (attempt - 1)), ["I 80 0 01"]);
  }
  assert.deepEqual(harness.settled, []);
  assert.deepEqual(harness.poll(600), ["I 80 1 02"]);
  assert.deepEqual(harness.settled, [[1, "unanswered"]]);
});

Deno.test("Link takes a NACK with the next number as no reason to send again sooner", () => {
  const harness = new Harness();
  harness.link.send(hex("01"), "command", 0);
  harness.take();
  for (let times = 0; times < 5; times++) assert.deepEqual(harness.nack(1, 10), []);
  assert.deepEqual(harness.poll(50), ["I 80 0 01"]);
});

Deno.test("Link takes the number that a strict peer asks for twice", () => {
  const harness = new Harness();
  harness.link.send(hex("01"), "command", 0);
  harness.nack(57, 1);
  assert.deepEqual(harness.poll(50), ["I 80 0 01"], "once may be an answer to an earlier frame");
  harness.nack(57, 51);
  assert.deepEqual(harness.poll(100), ["I 80 57 01"]);
  harness.link.send(hex("02"), "command", 100);
  assert.deepEqual(harness.ack(58, 101), ["I 80 58 02"]);
});

Deno.test("Link keeps the number of a payload sent soon after another", () => {
  const harness = new Harness();
  harness.link.send(hex("01"), "command", 0);
  harness.ack(1, 10);
  harness.link.send(hex("02"), "command", 999);
  harness.nack(57, 1000);
  harness.nack(57, 1001);
  harness.take();
  assert.deepEqual(harness.poll(1049), ["I 80 1 02"]);
  harness.ack(2, 1050);
  harness.link.send(hex("03"), "command", 2049);
  harness.nack(57, 2050);
  harness.nack(57, 2051);
  harness.nack(58, 2052);
  harness.nack(99, 2053);
  harness.nack(99, 2054);
  harness.take();
  assert.deepEqual(harness.poll(2099), ["I 80 57 03"], "after a quiet time, and once");
});

Deno.test("Link refuses to queue more than its limit and drops nothing in silence", () => {
  const harness = new Harness({ queueFramesMax: 2 });
  const tickets = [1, 2, 3, 4].map((byte) => harness.link.send(Uint8Array.of(byte), "command", 0));
  assert.deepEqual(tickets, [1, 2, 3, undefined]);
  assert.equal(harness.link.send(hex("05"), "alarm", 0), 4, "each kind has its own queue");
});

Deno.test("Link abandons what waits when it is closed", () => {
  const harness = new Harness();
  harness.link.send(hex("01"), "command", 0);
  harness.link.send(hex("02"), "data", 0);
  harness.link.close();
  harness.link.close();
  assert.deepEqual(harness.settled, [[1, "abandoned"], [2, "abandoned"]]);
  assert.equal(harness.link.nextWake(), undefined);
  assert.equal(harness.link.send(hex("03"), "command", 1), undefined);
});

Deno.test("Link takes each option from 1 on, and refuses what is out of range", () => {
  const options: ((value: number) => LinkOptions)[] = [
    (value) => ({ triesMax: value }),
    (value) => ({ queueFramesMax: value }),
    ...(["alarm", "command", "data"] as const).map((kind) => (value: number) => ({
      resendMs: { [kind]: value },
    })),
  ];
  for (const optionOf of options) {
    assert.doesNotThrow(() => new Harness(optionOf(1)));
    for (const value of [0, NaN, Infinity]) {
      assert.throws(() => new Harness(optionOf(value)), RangeError);
    }
  }
});

/** What the line does to each frame, in turn, over and over. */
const fates = fc.array(
  fc.record({ lost: fc.boolean(), lateMs: fc.nat(200), repeats: fc.nat(2) }),
  { minLength: 1, maxLength: 12 },
).filter((all) => all.some((fate) => !fate.lost));

Deno.test("Link delivers each payload exactly once and in order over a bad line", () => {
  fc.assert(
    fc.property(fates, fates, fc.integer({ min: 1, max: 300 }), (there, back, count) => {
      const line = new Line(there, back);
      const got: number[] = [];
      const sender = new Link({
        write: (bytes) => line.send("there", bytes),
        deliver: () => "usable",
        settled: (_, outcome) => assert.equal(outcome, "acknowledged"),
      }, { triesMax: 1_000_000 });
      const receiver = new Link({
        write: (bytes) => line.send("back", bytes),
        deliver: (payload) => {
          got.push(payload[0] as number);
          return "usable";
        },
      });
      const wanted: number[] = [];
      line.run(sender, receiver, (now) => {
        if (wanted.length === count) return "done";
        // Runs of equal payloads: a second START is not a repetition of the first.
        const value = (wanted.length >> 2) & 0xff;
        if (sender.send(Uint8Array.of(value), "command", now) !== undefined) wanted.push(value);
        return "more";
      });
      assert.deepEqual(got, wanted);
    }),
    { numRuns: 60 },
  );
});

Deno.test("Link gets commands through to a strict peer that expects any other number", () => {
  for (let expected = 2; expected < 128; expected++) {
    const peer = new StrictPeer(expected);
    const harness = new Harness();
    for (let command = 0; command < 5; command++) {
      harness.link.send(Uint8Array.of(command), "command", command * 1000);
      for (let now = command * 1000; now < command * 1000 + 1000; now += 50) {
        harness.link.poll(now);
        for (const frame of harness.written.splice(0)) {
          const answer = peer.answer(frame);
          if (answer !== undefined) harness.link.receive(answer, now + 10);
        }
      }
    }
    assert.deepEqual(peer.got, ["00", "01", "02", "03", "04"]);
    assert.deepEqual(harness.settled.map(([, outcome]) => outcome), Array(5).fill("acknowledged"));
  }
});

Deno.test("Link delivers nothing twice to a strict peer over a bad line", () => {
  fc.assert(
    fc.property(fates, fates, fc.nat(127), (there, back, expected) => {
      // A line that repeats frames would use up this peer's patience with wrong numbers.
      const line = new Line(there.map((fate) => ({ ...fate, repeats: 0 })), back);
      const peer = new StrictPeer(expected);
      const outcomes = new Map<number, Outcome>();
      const sender = new Link({
        write: (bytes) => line.send("there", bytes),
        deliver: () => "usable",
        settled: (ticket, outcome) => outcomes.set(ticket, outcome),
      });
      const receiver = {
        receive(frame: Frame): void {
          const answer = peer.answer(frame);
          if (answer !== undefined) line.send("back", encodeFrame(answer));
        },
      };
      let sent = 0;
      line.run(sender, receiver, (now) => {
        if (sent < 40 && sender.send(Uint8Array.of(sent + 1), "command", now) === sent + 1) sent++;
        return sent < 40 ? "more" : "done";
      });
      const got = peer.got.map((payload) => parseInt(payload, 16));
      assert.deepEqual(got, [...new Set(got)].sort((a, b) => a - b));
      for (const [ticket, outcome] of outcomes) {
        if (outcome === "acknowledged") assert.ok(got.includes(ticket));
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("Link writes whole frames", () => {
  const written: Uint8Array[] = [];
  const link = new Link({ write: (bytes) => written.push(bytes), deliver: () => "usable" });
  link.send(hex("a00100000000"), "command", 0);
  assert.deepEqual(written, [hex("7e800000a00100000000b6fe7e")]);
  const frame: Frame = { kind: "acknowledgement", address: 0x40, number: 1 };
  link.receive({ kind: "information", address: 0x40, number: 0, payload: hex("01") }, 0);
  assert.deepEqual(written[1], encodeFrame(frame));
});
