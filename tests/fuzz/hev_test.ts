import { strict as assert } from "node:assert";
import { alarmEntry, AlarmList } from "../../src/wire/hev/alarm_list.ts";
import { readPayloadDump } from "../../src/wire/hev/dump_payloads.ts";
import { readRecordDump } from "../../src/wire/hev/dump_records.ts";
import { readRowDump } from "../../src/wire/hev/dump_rows.ts";
import { ADDRESSES, encodeFrame, type Frame } from "../../src/wire/hev/frame.ts";
import { FrameDecoder } from "../../src/wire/hev/frame_decoder.ts";
import { Link } from "../../src/wire/hev/link.ts";
import { encodeNulPacket } from "../../src/wire/hev/nul_packet.ts";
import { decodePayload } from "../../src/wire/hev/payload.ts";
import { kindOfRecorded } from "../../src/wire/hev/recorded_payload.ts";
import { QUERY_BYTES_MAX, QueryReader } from "../../src/wire/hev/query_reader.ts";
import { encodeSeedPacket } from "../../src/wire/hev/seed_packet.ts";
import { SeedView } from "../../src/wire/hev/seed_view.ts";
import { dumpBytes, dumpText } from "../wire/hev/dumps.ts";
import { FRAME_CASES, join, STREAM_CASES } from "../wire/hev/frame_cases.ts";
import { PAYLOAD_CASES, UNUSABLE_CASES } from "../wire/hev/payload_cases.ts";
import { QUERY_CASES } from "../wire/hev/query_cases.ts";
import { FUZZ_BYTES, FUZZ_SEED, mutated, pieces, Random } from "./hev_fuzz.ts";

/** Everything that stands behind the serial port, up to the packets of both dialects. */
class Receiver {
  readonly decoder = new FrameDecoder();
  readonly alarms = new AlarmList();
  readonly view = new SeedView();
  readonly link: Link;
  now = 0;
  delivered = 0;
  unusable = 0;
  written = 0;
  read = 0;
  #lastPayload = "";

  constructor() {
    this.link = new Link({
      write: () => this.written++,
      deliver: (payload, address) => this.#deliver(payload, address),
    });
  }

  push(bytes: Uint8Array): void {
    this.decoder.push(bytes, (event) => {
      if (event.kind === "noise") return;
      if (event.kind === "information") {
        this.read++;
        this.#lastPayload = event.payload.toHex();
      }
      this.link.receive(event, this.now);
    });
  }

  /** The last payload that was framed well, delivered or not. */
  get lastPayload(): string {
    return this.#lastPayload;
  }

  #deliver(bytes: Uint8Array, address: number): "usable" | "unusable" {
    const payload = decodePayload(bytes, address);
    if (payload.type === "unusable") {
      this.unusable++;
      return "unusable";
    }
    this.delivered++;
    if (payload.type === "ALARM") this.alarms.raise(alarmEntry(payload));
    this.view.update(payload);
    const entries = this.alarms.entries();
    const seed = JSON.parse(
      text(encodeSeedPacket(this.view.sensors(), entries, { bytesMax: 600 })),
    );
    assert.ok(Object.values(seed.sensors).every(Number.isFinite));
    assert.ok(Array.isArray(seed.alarms));
    const nul = JSON.parse(text(encodeNulPacket(payload, entries).subarray(0, -1)));
    assert.equal(nul.type, payload.type);
    return "usable";
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Frames around the payloads of both recordings that have all types. */
function recordedFrames(): Uint8Array[] {
  const all = ["dump-AA-20200526.dump", "B6-20200805.dump"].flatMap((name) =>
    readPayloadDump(dumpText(name)).items.slice(0, 300)
  );
  return all.map((payload, index) => {
    const address = ADDRESSES[kindOfRecorded(payload) ?? "data"];
    return encodeFrame({ kind: "information", address, number: index % 128, payload });
  });
}

const SEEDS = [
  ...FRAME_CASES.map(({ bytes }) => bytes),
  ...STREAM_CASES.map(({ bytes }) => bytes).filter((bytes) => bytes.length < 1000),
  ...recordedFrames(),
  ...[...PAYLOAD_CASES, ...UNUSABLE_CASES].map(({ address, bytes }) =>
    encodeFrame({ kind: "information", address, number: 0, payload: bytes })
  ),
];

Deno.test("the serial link survives mutated bytes and reads the first clean frame after them", () => {
  const random = new Random(FUZZ_SEED);
  const receiver = new Receiver();
  let sent = 0;
  for (let bytes = 0; bytes < FUZZ_BYTES;) {
    const dirt = mutated(random.pick(SEEDS), random);
    bytes += dirt.length;
    for (const piece of pieces(dirt, random)) receiver.push(piece);
    const read = receiver.read;
    const payload = Uint8Array.of(0xa0, 1, sent & 0xff, (sent >> 8) & 0xff, sent >> 16, 0);
    const frame: Frame = { kind: "information", address: 0xc0, number: sent % 128, payload };
    receiver.push(encodeFrame(frame));
    // The dirt may lack its end flag: then the clean frame's start flag ends it.
    assert.ok(receiver.read > read && receiver.read <= read + 2);
    assert.equal(receiver.lastPayload, payload.toHex());
    if (sent % 7 === 0) receiver.link.send(payload, "command", receiver.now);
    receiver.now += random.below(30);
    receiver.link.poll(receiver.now);
    sent++;
  }
  assert.ok(receiver.delivered >= sent);
  assert.ok(receiver.written >= receiver.delivered, "everything delivered was answered");
  assert.ok(receiver.unusable > 0, "the dirt went deep enough");
  receiver.link.close();
});

Deno.test("the frame decoder survives noise of nothing but telling bytes", () => {
  const random = new Random(FUZZ_SEED + 1);
  const clean = encodeFrame({ kind: "acknowledgement", address: 0x40, number: 1 });
  const decoder = new FrameDecoder();
  for (let bytes = 0; bytes < FUZZ_BYTES;) {
    const dirt = Uint8Array.from(
      { length: random.below(400) },
      () => random.pick([0x7e, 0x7d, 0x5e, 0x5d, 0x40, 0x01]),
    );
    bytes += dirt.length + 1;
    let last = "";
    decoder.push(join(dirt, clean), (event) => last = event.kind);
    assert.equal(last, "acknowledgement");
  }
});

Deno.test("the query reader survives mutated requests and keeps within its limit", () => {
  const random = new Random(FUZZ_SEED + 2);
  let refused = 0;
  let waiting = 0;
  for (let bytes = 0; bytes < FUZZ_BYTES;) {
    const request = mutated(random.pick(QUERY_CASES).bytes, random);
    bytes += request.length + 1;
    const reader = new QueryReader();
    let result = undefined;
    for (const piece of pieces(request, random)) result ??= reader.push(piece);
    // Whatever is left half, any further bytes end by the limit.
    if (result === undefined) {
      waiting++;
      result = reader.push(new Uint8Array(QUERY_BYTES_MAX + 1).fill(0x20));
    }
    assert.ok(result !== undefined);
    if (result.query.type === "refused") refused++;
  }
  assert.ok(refused > 0 && waiting > 0);
});

Deno.test("the readers of recordings survive mutated files", () => {
  const random = new Random(FUZZ_SEED + 3);
  const files = ["byteArray.dump", "sample.txt", "dump-AA-20200526.dump"].map((name) =>
    dumpBytes(name).subarray(0, 1000)
  );
  for (let bytes = 0; bytes < FUZZ_BYTES;) {
    const file = mutated(random.pick(files), random);
    bytes += file.length + 1;
    for (
      const { items, skipped, firstFault } of [
        readRecordDump(file),
        readRowDump(text(file)),
        readPayloadDump(text(file)),
      ]
    ) {
      assert.ok(items.length + skipped <= file.length);
      assert.equal(firstFault === undefined, skipped === 0);
    }
  }
});
