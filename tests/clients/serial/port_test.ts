import { strict as assert } from "node:assert";
import { type SerialOptions, SerialPort } from "../../../lib/serial.ts";
import { Pty } from "../../../src/net/serial/pty.ts";
import { until, within } from "../../support/tcp.ts";

const OPTIONS: SerialOptions = { baudRate: 115_200 };
const decoder = new TextDecoder();
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));

/** What the device hears next. */
async function heard(pty: Pty): Promise<string> {
  const buffer = new Uint8Array(new ArrayBuffer(64));
  const count = await within(pty.device.read(buffer), "the device hears something");
  return decoder.decode(buffer.subarray(0, count ?? 0));
}

/** Words that stty says of the port. */
async function settingsOf(path: string): Promise<Set<string>> {
  const { stdout } = await new Deno.Command("stty", { args: ["-a", "-F", path] }).output();
  return new Set(decoder.decode(stdout).split(/[\s;]+/));
}

Deno.test("SerialPort reads and writes as web streams", async () => {
  await using pty = await Pty.open();
  const port = new SerialPort(pty.portPath);
  assert.deepEqual([port.readable, port.writable, port.connected], [null, null, false]);
  await port.open(OPTIONS);
  assert.equal(port.connected, true);

  const writer = port.writable?.getWriter();
  await writer?.write(bytes("hello"));
  assert.equal(await heard(pty), "hello");
  await port.drain();
  writer?.releaseLock();

  await pty.device.write(bytes("world"));
  const reader = port.readable?.getReader();
  const { value } = await within(reader?.read() ?? Promise.reject(), "bytes arrive");
  assert.equal(decoder.decode(value), "world");
  reader?.releaseLock();

  await port.close();
  assert.deepEqual([port.readable, port.writable, port.connected], [null, null, false]);
  await port.open(OPTIONS);
  await port.close();
});

Deno.test("SerialPort takes readers with a buffer of their own, and a new stream after a cancel", async () => {
  await using pty = await Pty.open();
  await using port = new SerialPort(pty.portPath);
  await port.open({ ...OPTIONS, bufferSize: 3 });
  const left = port.readable;
  const asking = left?.getReader();
  const nothing = asking?.read();
  await asking?.cancel();
  assert.equal((await nothing)?.done, true);
  assert.notEqual(port.readable, left);

  await pty.device.write(bytes("abcde"));
  const reader = port.readable?.getReader({ mode: "byob" });
  let text = "";
  while (text.length < 5) {
    const { value } = await within(reader?.read(new Uint8Array(2)) ?? Promise.reject(), "bytes");
    text += decoder.decode(value);
  }
  assert.equal(text, "abcde", "what came for the reader that has left is not lost");
});

Deno.test("SerialPort sets the line as it is told", async () => {
  await using pty = await Pty.open();
  const cases: [Partial<SerialOptions>, string[]][] = [
    [{}, ["cs8", "-parenb", "-cstopb", "-crtscts", "hupcl"]],
    [{ dataBits: 7, parity: "even", stopBits: 2 }, ["cs7", "parenb", "-parodd", "cstopb"]],
    [{ parity: "odd", flowControl: "hardware" }, ["parenb", "parodd", "crtscts"]],
    [{ resetOnOpen: false }, ["-hupcl"]],
    [{ baudRate: 1_200 }, ["1200"]],
    [{ baudRate: 4_000_000 }, ["4000000"]],
    [{ baudRate: 250_000, resetOnOpen: false }, ["-hupcl", "cs8"]],
  ];
  for (const [options, words] of cases) {
    await using port = new SerialPort(pty.portPath);
    await port.open({ ...OPTIONS, ...options });
    const settings = await settingsOf(pty.portPath);
    // A pseudo terminal has eight bits and no parity whatever it is told (termios(3)).
    const isKept = (word: string) => settings.has(word) || /^(cs7|parenb)$/.test(word);
    assert.deepEqual(words.filter((word) => !isKept(word)), [], JSON.stringify(options));
  }
});

Deno.test("SerialPort refuses wrong options with a TypeError", async () => {
  const port = new SerialPort("/dev/null");
  const wrong = [
    { baudRate: 0 },
    { baudRate: 1_199 },
    { baudRate: 9_600.5 },
    { baudRate: 4_000_001 },
    { ...OPTIONS, dataBits: 9 },
    { ...OPTIONS, stopBits: 1.5 },
    { ...OPTIONS, parity: "mark" },
    { ...OPTIONS, flowControl: "software" },
    { ...OPTIONS, bufferSize: 0 },
  ] as SerialOptions[];
  for (const options of wrong) await assert.rejects(port.open(options), TypeError);
});

Deno.test("SerialPort fails by the names of Web Serial", async () => {
  await using pty = await Pty.open();
  const port = new SerialPort(pty.portPath);
  const closed = { name: "InvalidStateError", message: /is closed$/ };
  await assert.rejects(port.close(), closed);
  await assert.rejects(port.drain(), closed);
  await assert.rejects(port.getSignals(), closed);
  await assert.rejects(port.setSignals({ break: true }), closed);
  assert.throws(() => port.flush(), closed);

  const opening = port.open(OPTIONS);
  await assert.rejects(port.open(OPTIONS), { name: "InvalidStateError", message: /is opening$/ });
  await opening;
  await assert.rejects(port.open(OPTIONS), { name: "InvalidStateError", message: /is open$/ });
  const busy = { name: "NetworkError", message: /another program uses it$/ };
  await assert.rejects(new SerialPort(pty.portPath).open(OPTIONS), busy);

  const reader = port.readable?.getReader();
  await assert.rejects(port.close(), /^TypeError: Cannot close serial port: readable is locked/);
  assert.equal(port.connected, true);
  reader?.releaseLock();
  await port.close();

  const absent = new SerialPort("/dev/no-such-port").open(OPTIONS);
  await assert.rejects(absent, (error: Error) => {
    assert.ok(error instanceof DOMException && error.name === "NetworkError");
    assert.match(error.message, /no such device$/);
    return error.cause instanceof Error;
  });
  const file = new SerialPort("/dev/null").open(OPTIONS);
  await assert.rejects(file, { name: "NetworkError", message: /it is not a serial port$/ });
});

Deno.test("SerialPort says that a pseudo terminal has no signals", async () => {
  await using pty = await Pty.open();
  await using port = new SerialPort(pty.portPath);
  await port.open(OPTIONS);
  const none = { name: "NetworkError", message: /this device has no such lines/ };
  await assert.rejects(port.getSignals(), none);
  await assert.rejects(port.setSignals({ dataTerminalReady: true }), none);
  await assert.rejects(port.setSignals({ requestToSend: false }), none);
  await assert.rejects(port.setSignals({}), TypeError);
});

Deno.test("SerialPort tells that the device was unplugged, and can be opened anew", async () => {
  const pty = await Pty.open();
  await using port = new SerialPort(pty.portPath);
  await port.open(OPTIONS);
  let disconnects = 0;
  port.addEventListener("disconnect", () => disconnects++);
  const reading = port.readable?.getReader().read() ?? Promise.reject(new Error("not open"));
  const lost = assert.rejects(within(reading, "the loss"), {
    name: "NetworkError",
    message: /^Lost serial port .*: the device is gone$/,
  });
  await pty.close();
  await lost;
  assert.deepEqual([port.readable, port.writable, port.connected], [null, null, false]);
  assert.equal(disconnects, 1);
  await port.close();
  await assert.rejects(port.open(OPTIONS), { name: "NetworkError" });
});

Deno.test("SerialPort gives up a write that is stuck when it is aborted", async () => {
  await using pty = await Pty.open();
  await using port = new SerialPort(pty.portPath);
  await port.open(OPTIONS);
  const writer = port.writable?.getWriter();
  const stuck = writer?.write(new Uint8Array(1_000_000)).catch((error) => error);
  await within(writer?.abort(new Error("enough")) ?? Promise.reject(), "the abort");
  assert.equal((await stuck)?.message, "enough");
  writer?.releaseLock();
  assert.notEqual(port.writable, null);
  await within(port.close(), "the close");
});

Deno.test("SerialPort ends a loop over it when its block ends", async () => {
  await using pty = await Pty.open();
  let loop: Promise<string> = Promise.resolve("");
  let isHeard = false;
  {
    await using port = new SerialPort(pty.portPath);
    await port.open(OPTIONS);
    const { readable } = port;
    loop = (async () => {
      let text = "";
      for await (const chunk of readable ?? []) {
        text += decoder.decode(chunk);
        isHeard = true;
      }
      return text;
    })();
    await pty.device.write(bytes("last words"));
    await until(() => isHeard, "the words are heard");
  }
  assert.equal(await within(loop, "the loop ends"), "last words");
});
