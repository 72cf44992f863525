import { strict as assert } from "node:assert";
import { SerialSource } from "../../../src/roles/hev/serial_source.ts";
import { Pty } from "../../../src/net/serial/pty.ts";
import { encodeFrame, type Frame, nextNumber } from "../../../src/wire/hev/frame.ts";
import { FrameDecoder } from "../../../src/wire/hev/frame_decoder.ts";
import { decodePayload, encodePayload } from "../../../src/wire/hev/payload.ts";
import { eventually, type OldClient, Station } from "./station.ts";

/** Times the device is unplugged; a release is tested with 1 000. */
const REPLUG_CYCLES = Number(Deno.env.get("PULSEBOX_REPLUG_CYCLES") ?? 10);
const RECOVERY_MS_MAX = 1_000;

/** What the device does with the acknowledgement of one frame. */
type Answer = "good" | "lost" | "late" | "twice";

/** A value of a frame that is not sent to its end. */
const UNFINISHED = 999;

/** A microcontroller at the other end of a pseudo terminal that a test plays by hand. */
class Device implements AsyncDisposable {
  readonly pty: Pty;
  /** Commands delivered, each repetition of a number left out as the firmware does. */
  readonly commands: string[] = [];
  /** Frames that arrived, repetitions included. */
  frames = 0;
  answers: Answer[] = [];
  #number = 0;
  #last = "";
  readonly #reading: Promise<void>;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  private constructor(pty: Pty) {
    this.pty = pty;
    this.#reading = this.#read();
  }

  static async plugIn(link: string): Promise<Device> {
    return new Device(await Pty.open({ link }));
  }

  /** Sends data of version 0xA0. */
  async data(pressure_buffer: number): Promise<void> {
    const payload = encodePayload({ version: 0xa0, type: "DATA", values: { pressure_buffer } });
    await this.send({ kind: "information", address: 0x40, number: this.#number, payload });
    this.#number = nextNumber(this.#number);
  }

  /** Sends the beginning of data, as far as it gets before somebody pulls the plug. */
  async beginData(): Promise<void> {
    const values = { pressure_buffer: UNFINISHED };
    const payload = encodePayload({ version: 0xa0, type: "DATA", values });
    const frame = encodeFrame({ kind: "information", address: 0x40, number: 0, payload });
    await this.pty.device.write(frame.subarray(0, frame.length / 2));
  }

  async send(frame: Frame): Promise<void> {
    await this.pty.device.write(encodeFrame(frame));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.pty.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new FrameDecoder();
    const buffer = new Uint8Array(new ArrayBuffer(4_096));
    for (;;) {
      const count = await this.pty.device.read(buffer);
      if (count === null) return;
      decoder.push(buffer.subarray(0, count), (event) => {
        if (event.kind === "information") this.#take(event);
      });
    }
  }

  #take(frame: Frame & { kind: "information" }): void {
    this.frames++;
    const identity = `${frame.number} ${frame.payload.toHex()}`;
    if (identity !== this.#last) {
      this.#last = identity;
      const payload = decodePayload(frame.payload, frame.address);
      if (payload.type === "CMD") this.commands.push(`${payload.values["param"]}`);
    }
    const reply: Frame = {
      kind: "acknowledgement",
      address: frame.address,
      number: nextNumber(frame.number),
    };
    switch (this.answers.shift() ?? "good") {
      case "good":
        return void this.send(reply);
      case "twice":
        void this.send(reply);
        return void this.send(reply);
      case "late": {
        const timer = setTimeout(() => void this.send(reply), 70);
        this.#timers.add(timer);
        return;
      }
      case "lost":
        return;
    }
  }
}

async function withLink(run: (link: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/ttyEMU0`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function sourceAt(place: string): SerialSource {
  return new SerialSource({ place, layout: "A0", now: () => performance.now() });
}

Deno.test("SerialSource shows frames of the line to clients", () =>
  withLink(async (link) => {
    await using device = await Device.plugIn(link);
    await using station = new Station({ source: sourceAt(link) });
    using client = await station.listen();
    await eventually(() => station.notices.some(({ type }) => type === "source-up"), "the port");
    await device.data(145);
    assert.equal((await client.packet())?.sensors["pressure_buffer"], 145);
    // Garbage costs nothing but itself.
    await device.pty.device.write(Uint8Array.of(0x7e, 1, 2, 3, 0x7d, 0x7e, 0x7e, 9));
    await device.data(146);
    assert.equal((await client.packet())?.sensors["pressure_buffer"], 146);
    const metrics = station.role.metrics();
    assert.equal(metrics["hev_payloads_total"], 2);
    assert.ok((metrics["hev_serial_noise_bytes_total"] ?? 0) > 0);
  }));

Deno.test("SerialSource says once that another device or another speed sends rubbish", () =>
  withLink(async (link) => {
    await using device = await Device.plugIn(link);
    await using station = new Station({ source: sourceAt(link) });
    await eventually(() => station.notices.some(({ type }) => type === "source-up"), "the port");
    const rubbish = Uint8Array.from({ length: 500 }, (_, index) => (index * 89) & 0xff);
    const wrong = () =>
      station.notices.filter((notice) =>
        notice.type === "trouble" &&
        /bytes arrived but no frame: wrong device or speed\?$/.test(notice.reason)
      );
    for (let sent = 0; sent < 23_000; sent += rubbish.length) {
      await device.pty.device.write(rubbish);
    }
    await eventually(() => wrong().length > 0, "the sentence");
    await device.data(145);
    await eventually(() => station.role.metrics()["hev_payloads_total"] === 1, "a frame");
    assert.equal(wrong().length, 1);
  }));

Deno.test("SerialSource refuses commands while nothing is plugged in", () =>
  withLink(async (link) => {
    await using station = new Station({ source: sourceAt(link) });
    const reply = await station.ask('{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":0}');
    assert.equal(reply, '{"type": "nack"}');
  }));

Deno.test("SerialSource refuses what the controller's version cannot express", () =>
  withLink(async (link) => {
    await using device = await Device.plugIn(link);
    await using station = new Station({ source: sourceAt(link) });
    await eventually(() => station.notices.some(({ type }) => type === "source-up"), "the port");
    const request = '{"type":"cmd","cmdtype":"SET_PID","cmd":"KP","param":0.5}';
    assert.equal(await station.ask(request), '{"type": "nack"}');
    const payload = encodePayload({ version: 0xaa, type: "DATA", values: {} });
    await device.send({ kind: "information", address: 0x40, number: 0, payload });
    await eventually(() => station.role.metrics()["hev_payloads_total"] === 1, "a newer version");
    assert.equal(await station.ask(request), '{"type": "ack"}');
    await eventually(() => device.commands.length === 1, "the command");
    assert.deepEqual(device.commands, ["0.5"]);
  }));

Deno.test("SerialSource hands over each command once under lost, late and repeated answers", () =>
  withLink(async (link) => {
    await using device = await Device.plugIn(link);
    await using station = new Station({ source: sourceAt(link) });
    await eventually(() => station.notices.some(({ type }) => type === "source-up"), "the port");
    device.answers = [
      ...["lost", "good", "late", "twice", "lost", "lost", "late", "twice", "good"] as const,
    ];
    const params = Array.from({ length: 12 }, (_, index) => index + 1);
    for (const param of params) {
      const request = `{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":${param}}`;
      assert.equal(await station.ask(request), '{"type": "ack"}');
    }
    await eventually(
      () =>
        station.role.metrics()['hev_serial_commands_total{result="acknowledged"}'] ===
          params.length,
      "every command is acknowledged",
    );
    assert.deepEqual(device.commands, params.map(String));
    assert.ok(device.frames > params.length, "some were sent again");
  }));

Deno.test("SerialSource is back within a second of each plugging in, with all clients connected", () =>
  withLink(async (link) => {
    await using station = new Station({ source: sourceAt(link), dialects: ["seed", "nul"] });
    using web = await station.listen(0);
    using native = await station.listen(1);
    let slowestMs = 0;
    for (let cycle = 1; cycle <= REPLUG_CYCLES; cycle++) {
      const pluggedAt = performance.now();
      await using device = await Device.plugIn(link);
      const opened = cycle;
      await eventually(
        () => station.role.metrics()["hev_serial_opened_total"] === opened,
        "the port is opened",
      );
      await device.data(cycle);
      await eventually(
        () => station.role.metrics()["hev_payloads_total"] === cycle,
        `data of cycle ${cycle}`,
      );
      slowestMs = Math.max(slowestMs, performance.now() - pluggedAt);
      await readUntil(web, cycle);
      assert.equal((await native.nulPacket())?.["type"], "DATA");
    }
    assert.ok(slowestMs < RECOVERY_MS_MAX, `slowest recovery took ${slowestMs.toFixed(0)} ms`);
    assert.equal(station.role.metrics()["hev_clients"], 2);
  }));

Deno.test("SerialSource makes nothing of half a frame when the plug is pulled in the middle of it", () =>
  withLink(async (link) => {
    await using station = new Station({ source: sourceAt(link), dialects: ["seed"] });
    using web = await station.listen(0);
    for (const value of [1, 2]) {
      await using device = await Device.plugIn(link);
      await eventually(
        () => station.role.metrics()["hev_serial_opened_total"] === value,
        "the port is opened",
      );
      // What the next frame begins with must not be taken for the end of this one.
      await device.data(value);
      await readUntil(web, value);
      await device.beginData();
    }
    await using device = await Device.plugIn(link);
    await eventually(
      () => station.role.metrics()["hev_serial_opened_total"] === 3,
      "the port is opened",
    );
    await device.data(3);
    await readUntil(web, 3);
    assert.equal(station.role.metrics()["hev_payloads_total"], 3);
  }));

async function readUntil(client: OldClient, value: number): Promise<void> {
  for (;;) {
    const packet = await client.packet();
    assert(packet !== undefined, "the client stays connected");
    assert.notEqual(packet.sensors["pressure_buffer"], UNFINISHED);
    if (packet.sensors["pressure_buffer"] === value) return;
  }
}
