import { strict as assert } from "node:assert";
import { Controller, type ReceivedCommand } from "../../../src/wire/hev/controller.ts";
import { encodeCommand, encodePersonal } from "../../../src/wire/hev/command_encoder.ts";
import { FrameDecoder } from "../../../src/wire/hev/frame_decoder.ts";
import { Link } from "../../../src/wire/hev/link.ts";
import { decodePayload } from "../../../src/wire/hev/payload.ts";
import { Playback } from "../../../src/wire/hev/playback.ts";
import { readRecording } from "../../../src/wire/hev/recording.ts";
import { dumpBytes } from "./dumps.ts";

/** A controller and a server's end, in virtual time; frames of the server may be withheld. */
class Bench {
  readonly arrived: string[] = [];
  readonly commands: ReceivedCommand[] = [];
  readonly others: string[] = [];
  readonly controller: Controller;
  readonly link: Link;
  isListening = true;
  now = 0;
  readonly #decoder = new FrameDecoder();
  readonly #replies: Uint8Array[] = [];

  constructor(name = "dump-AA-20200526.dump") {
    const recording = readRecording(dumpBytes(name));
    assert(!("reason" in recording));
    this.link = new Link({
      write: (frame) => void this.#replies.push(frame),
      deliver: (payload) => {
        this.arrived.push(payload.toHex());
        return "usable";
      },
    });
    this.controller = new Controller({
      playback: new Playback(recording, 0, { repeat: "once", alarms: { everyMs: Infinity } }),
      write: (frame) => {
        if (!this.isListening) return;
        this.#decoder.push(frame, (event) => {
          if (event.kind !== "noise") this.link.receive(event, this.now);
        });
      },
      onCommand: (command) => this.commands.push(command),
      onPayload: (payload) => this.others.push(payload.type),
    });
  }

  /** Runs until a moment. */
  runTo(untilMs: number): void {
    for (;;) {
      for (let frame = this.#replies.shift(); frame; frame = this.#replies.shift()) {
        this.controller.receive(frame, this.now);
      }
      const wake = this.controller.nextWake() ?? Infinity;
      if (wake > untilMs) return;
      this.now = Math.max(this.now, wake);
      this.controller.poll(this.now);
    }
  }
}

Deno.test("Controller sends every line of a recording, once each and in order", () => {
  const bench = new Bench();
  bench.runTo(10_000);
  const recording = readRecording(dumpBytes("dump-AA-20200526.dump"));
  assert(!("reason" in recording));
  const expected = Array.from(
    { length: recording.length },
    (_, index) => recording.step(index, 0).bytes?.toHex(),
  );
  assert.deepEqual(bench.arrived, expected);
  assert.ok(bench.controller.isDone);
  assert.deepEqual(bench.controller.counters, { sent: 100, acknowledged: 100, skipped: 0 });
});

Deno.test("Controller waits with its recording while nobody listens", () => {
  const bench = new Bench();
  bench.isListening = false;
  bench.runTo(60_000);
  assert.deepEqual(bench.arrived, []);
  assert.ok(bench.controller.counters.sent < 10);
  bench.isListening = true;
  bench.runTo(70_000);
  assert.equal(new Set(bench.arrived).size, 100);
});

Deno.test("Controller sends what is due as soon as something comes, not only when it is polled", () => {
  const bench = new Bench();
  bench.runTo(60);
  const before = bench.controller.counters.sent;
  assert.ok(before > 0 && before < 100);
  // Its next line is due by then.
  bench.controller.receive(new Uint8Array(1), 5_000);
  assert.ok(bench.controller.counters.sent > before);
});

Deno.test("Controller understands commands and other payloads", () => {
  const bench = new Bench();
  const command = encodeCommand("AA", { cmdtype: "SET_PID", cmd: "KP", param: 0.5 });
  assert(command instanceof Uint8Array);
  bench.link.send(command, "command", 0);
  const person = { name: "Ada", patient_id: "1", age: 36, sex: "F", height: 165, weight: 55 };
  const personal = encodePersonal("B6", person);
  assert(personal instanceof Uint8Array);
  bench.link.send(personal, "data", 0);
  bench.runTo(1_000);
  bench.link.poll(1_000);
  bench.runTo(1_000);
  assert.deepEqual(bench.commands, [
    { version: 0xaa, cmdtype: "SET_PID", cmd: "KP", param: 0.5 },
  ]);
  assert.deepEqual(bench.others, ["PERSONAL"]);
});

Deno.test("Controller understands the oldest command, which has no type", () => {
  const bench = new Bench("byteArray.dump");
  const command = encodeCommand("A0", { cmdtype: "GENERAL", cmd: "STOP", param: 0 });
  assert(command instanceof Uint8Array);
  assert.equal(decodePayload(command, 0x80).type, "CMD");
  bench.link.send(command, "command", 0);
  bench.runTo(10);
  assert.deepEqual(bench.commands, [
    { version: 0xa0, cmdtype: "GENERAL", cmd: "STOP", param: 0 },
  ]);
});

Deno.test("Controller leaves out what fits no frame", () => {
  const bench = new Bench("sample.txt");
  bench.runTo(1_000);
  assert.equal(bench.controller.counters.sent, 0);
  assert.ok(bench.controller.counters.skipped > 0);
});
