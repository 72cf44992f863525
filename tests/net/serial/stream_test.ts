import { strict as assert } from "node:assert";
import { cpuUsage } from "node:process";
import { Pty } from "../../../src/net/serial/pty.ts";
import { openSerial } from "../../../src/net/serial/port.ts";
import { SERIAL_WRITE_QUEUE_BYTES } from "../../../src/net/serial/stream.ts";

Deno.test("SerialStream.read waits without using the processor", async () => {
  await using pty = await Pty.open();
  await using port = await openSerial(pty.portPath);
  const reading = port.read(new Uint8Array(16));
  const before = cpuUsage();
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  setTimeout(() => resolve(pty.device.write(Uint8Array.of(1))), 400);
  await promise;
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = cpuUsage(before);
  assert.equal(await reading, 1);
  const share = (user + system) / 1_000 / elapsedMs;
  assert.ok(share < 0.25, `used ${(100 * share).toFixed(1)} % of a core while nothing came`);
});

Deno.test("SerialStream.read gives what came before the plug was pulled, then null", async () => {
  const pty = await Pty.open();
  await using port = await openSerial(pty.portPath);
  const buffer = new Uint8Array(2);
  await pty.device.write(Uint8Array.of(1, 2, 3));
  assert.equal(await port.read(buffer), 2);
  assert.equal(await port.read(buffer), 1);
  const last = port.read(buffer);
  const pulledAt = performance.now();
  await pty.close();
  assert.equal(await last, null);
  assert.ok(performance.now() - pulledAt < 1_000);
  assert.equal(await port.read(buffer), null);
  assert.equal(await port.write(Uint8Array.of(1)), false);
});

Deno.test("SerialStream.close ends a waiting read and a waiting write, twice is once", async () => {
  await using pty = await Pty.open();
  const port = await openSerial(pty.portPath);
  const reading = port.read(new Uint8Array(1));
  const writing = port.write(new Uint8Array(SERIAL_WRITE_QUEUE_BYTES), { timeoutMs: 60_000 });
  const startedAt = performance.now();
  await Promise.all([port.close(), port.close()]);
  assert.ok(performance.now() - startedAt < 1_000);
  assert.equal(await reading, null);
  assert.equal(await writing, false);
  assert.equal(await port.read(new Uint8Array(1)), null);
  assert.equal(await port.write(Uint8Array.of(1)), false);
});

Deno.test("SerialStream.write gives up in its time when nobody reads", async () => {
  await using pty = await Pty.open();
  const startedAt = performance.now();
  const taken = await pty.device.write(new Uint8Array(SERIAL_WRITE_QUEUE_BYTES), { timeoutMs: 50 });
  const elapsedMs = performance.now() - startedAt;
  assert.equal(taken, false);
  assert.ok(elapsedMs >= 50 && elapsedMs < 2_000, `after ${elapsedMs} ms`);
});

Deno.test("SerialStream.write refuses at once what goes beyond its queue", async () => {
  await using pty = await Pty.open();
  assert.equal(await pty.device.write(new Uint8Array(SERIAL_WRITE_QUEUE_BYTES + 1)), false);
  const waiting = pty.device.write(new Uint8Array(SERIAL_WRITE_QUEUE_BYTES), { timeoutMs: 50 });
  assert.equal(
    await Promise.race([waiting, pty.device.write(new Uint8Array(SERIAL_WRITE_QUEUE_BYTES))]),
    false,
  );
  assert.equal(await waiting, false);
});

Deno.test("SerialStream.write keeps the order of calls and the bytes of each call", async () => {
  await using pty = await Pty.open();
  await using port = await openSerial(pty.portPath);
  const total = 60_000;
  const writes: Promise<boolean>[] = [];
  const chunk = new Uint8Array(600);
  for (let at = 0; at < total; at += chunk.length) {
    for (let index = 0; index < chunk.length; index++) chunk[index] = (at + index) % 251;
    writes.push(pty.device.write(chunk, { timeoutMs: 30_000 }));
  }
  const buffer = new Uint8Array(1_000);
  for (let at = 0; at < total;) {
    const count = await port.read(buffer);
    assert.ok(count !== null);
    for (let index = 0; index < count; index++, at++) assert.equal(buffer[index], at % 251);
  }
  assert.ok((await Promise.all(writes)).every((taken) => taken));
});

Deno.test("SerialStream.write of nothing is done", async () => {
  await using pty = await Pty.open();
  assert.equal(await pty.device.write(new Uint8Array(0)), true);
});

Deno.test("SerialStream has one reader, with room for a byte", async () => {
  await using pty = await Pty.open();
  const reading = pty.device.read(new Uint8Array(1));
  await assert.rejects(pty.device.read(new Uint8Array(1)), /a serial port has one reader/);
  await pty.close();
  assert.equal(await reading, null);
  await assert.rejects(pty.device.read(new Uint8Array(0)), /a read has room for a byte/);
});

Deno.test("SerialStream and Pty give back every descriptor", async () => {
  const openDescriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = openDescriptors();
  for (let round = 0; round < 20; round++) {
    const pty = await Pty.open();
    const port = await openSerial(pty.portPath);
    await assert.rejects(openSerial(pty.portPath), { problem: "busy" });
    await assert.rejects(openSerial("/dev/null"), { problem: "not-a-port" });
    const reading = port.read(new Uint8Array(1));
    await Promise.all([pty.close(), port.close()]);
    assert.equal(await reading, null);
  }
  assert.equal(openDescriptors(), before);
});
