import { strict as assert } from "node:assert";
import { HevReplay } from "../../../src/clients/hev/replay.ts";
import type { Capture } from "../../../src/wire/hev/capture.ts";
import { within } from "../../support/tcp.ts";

function captureOf(dialect: Capture["dialect"]): Capture {
  const packets = Array.from({ length: 5 }, (_, index) => ({
    atMs: index * 1_000,
    text: `{"sensors":{"n":${index}},"alarms":[]}`,
  }));
  return { dialect, packets };
}

for (const dialect of ["seed", "nul"] as const) {
  Deno.test(`HevReplay plays a capture byte for byte (${dialect})`, async () => {
    const capture = captureOf(dialect);
    await using replay = new HevReplay({
      capture,
      address: { hostname: "127.0.0.1", port: 0 },
      speed: 100,
      repeat: "once",
      begin: "first-client",
    });
    using conn = await Deno.connect(replay.address);
    const startedAt = performance.now();
    await within(replay.finished, "the end of the capture");
    assert.ok(performance.now() - startedAt > 35, "the pace is kept");
    const closing = replay.close();
    let text = "";
    const buffer = new Uint8Array(4_096);
    for (let count; (count = await within(conn.read(buffer), "the end")) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    await closing;
    const end = dialect === "nul" ? "\0" : "";
    assert.equal(text, capture.packets.map((packet) => packet.text + end).join(""));
  });
}

Deno.test("HevReplay begins anew after the last packet", async () => {
  await using replay = new HevReplay({
    capture: { dialect: "seed", packets: [{ atMs: 0, text: "{}" }] },
    address: { hostname: "127.0.0.1", port: 0 },
    speed: 1_000,
  });
  let isFinished = false;
  replay.finished.then(() => isFinished = true);
  using conn = await Deno.connect(replay.address);
  const buffer = new Uint8Array(64);
  let text = "";
  while (text.length < 6) {
    const count = await within(conn.read(buffer), "a packet");
    assert.ok(count !== null, "the connection goes on");
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  assert.match(text, /^(\{\})+$/);
  assert.equal(isFinished, false);
});

Deno.test("HevReplay takes no empty capture and no impossible speed", () => {
  const address = { hostname: "127.0.0.1", port: 0 };
  assert.throws(() => new HevReplay({ capture: { dialect: "seed", packets: [] }, address }));
  assert.throws(() => new HevReplay({ capture: captureOf("seed"), address, speed: 0 }));
});
