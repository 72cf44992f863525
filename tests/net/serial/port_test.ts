import { strict as assert } from "node:assert";
import { Pty } from "../../../src/net/serial/pty.ts";
import { openSerial } from "../../../src/net/serial/port.ts";
import { SERIAL_BAUDS } from "../../../src/net/serial/termios.ts";

const decoder = new TextDecoder();

/** What stty(1) says of a tty, as a set of words. */
async function settingsOf(path: string): Promise<{ text: string; words: Set<string> }> {
  const { stdout } = await new Deno.Command("stty", { args: ["-a", "-F", path] }).output();
  const text = decoder.decode(stdout);
  return { text, words: new Set(text.split(/[\s;]+/)) };
}

Deno.test("openSerial makes the line raw 8N1 without flow control", async () => {
  await using pty = await Pty.open();
  const spoil = ["-F", pty.portPath, "sane", "cstopb", "crtscts", "-clocal", "9600"];
  assert.equal((await new Deno.Command("stty", { args: spoil }).output()).code, 0);
  await using _port = await openSerial(pty.portPath);
  const { text, words } = await settingsOf(pty.portPath);
  assert.match(text, /speed 115200 baud/);
  const expected = [
    ["cs8", "-parenb", "-cstopb", "-crtscts", "clocal", "cread"],
    ["-ixon", "-ixoff", "-icrnl", "-inlcr", "-igncr", "-istrip", "-ignbrk", "-brkint", "-parmrk"],
    ["-opost", "-isig", "-icanon", "-iexten", "-echo"],
  ].flat();
  for (const word of expected) assert.ok(words.has(word), `${word} in ${text}`);
  assert.match(text, /min = 1; time = 0;/);
});

Deno.test("openSerial keeps no flag that another program left", async () => {
  await using pty = await Pty.open();
  const all = ["-F", pty.portPath, "-a"];
  const { stdout } = await new Deno.Command("stty", { args: all }).output();
  // Each flag that stty knows, in the other state than the link wants; a few cannot be had on a pty.
  const flags = [...decoder.decode(stdout).matchAll(/(?<=[ \n])-?[a-z][a-z0-9]+(?=[ \n])(?! =)/g)]
    .map(([word]) => word.replace(/^-/, "")).filter((word) =>
      !/^(speed|baud|rows|columns|line|cs\d|[a-z]{2}\d|tab\d)$/.test(word)
    );
  const wanted = new Set(["clocal", "cread", "hupcl"]);
  for (const flag of flags) {
    const args = ["-F", pty.portPath, wanted.has(flag) ? `-${flag}` : flag];
    await new Deno.Command("stty", { args, stderr: "null" }).output();
  }
  await using _port = await openSerial(pty.portPath);
  const { words, text } = await settingsOf(pty.portPath);
  const kept = flags.filter((flag) => !words.has(wanted.has(flag) ? flag : `-${flag}`));
  assert.deepEqual(kept, [], text);
  assert.ok(flags.includes("ixoff") && flags.includes("ixany") && flags.includes("inpck"));
});

Deno.test("openSerial sets speeds that have no name", async () => {
  await using pty = await Pty.open();
  for (const baud of [31_250, 74_880, 250_000]) {
    await using port = await openSerial(pty.portPath, { baud });
    // The kernel's `struct termios2`; stty knows names only.
    const settings = new Int32Array(16);
    assert.equal(port.control(0x802c542an, settings), 0);
    assert.deepEqual([settings[9], settings[10]], [baud, baud]);
    const { words } = await settingsOf(pty.portPath);
    assert.ok(["cs8", "hupcl", "clocal", "-icanon", "-echo"].every((word) => words.has(word)));
  }
});

Deno.test("openSerial sets each common speed", async () => {
  await using pty = await Pty.open();
  for (const baud of SERIAL_BAUDS) {
    await using _port = await openSerial(pty.portPath, { baud });
    assert.match((await settingsOf(pty.portPath)).text, new RegExp(`speed ${baud} baud`));
  }
});

Deno.test("openSerial refuses a speed out of range and leaves nothing open", async () => {
  await using pty = await Pty.open();
  await assert.rejects(openSerial(pty.portPath, { baud: 4_000_001 }), {
    name: "RangeError",
    message: /^Cannot set speed: baud is 4000001, must be a whole number, 1200 to 4000000$/,
  });
  await using _port = await openSerial(pty.portPath);
});

Deno.test("openSerial discards what came before", async () => {
  await using pty = await Pty.open();
  await pty.device.write(new TextEncoder().encode("stale"));
  await using port = await openSerial(pty.portPath);
  await pty.device.write(new TextEncoder().encode("new"));
  const buffer = new Uint8Array(16);
  const count = await port.read(buffer);
  assert.equal(decoder.decode(buffer.subarray(0, count ?? 0)), "new");
});

Deno.test("openSerial gives a port to one holder at a time", async () => {
  await using pty = await Pty.open();
  const first = await openSerial(pty.portPath);
  await assert.rejects(openSerial(pty.portPath), {
    name: "SerialPortError",
    problem: "busy",
    path: pty.portPath,
    message: `Cannot open serial port "${pty.portPath}": another program uses it`,
  });
  await first.close();
  await using _second = await openSerial(pty.portPath);
});

const OPEN_CASES: [path: string, problem: string, detail: string][] = [
  ["/dev/no-such-port", "absent", "no such device"],
  ["/dev/null/port", "absent", "no such device"],
  ["", "absent", "no such device"],
  ["/dev/null\0", "absent", "no such device"],
  ["/dev/null", "not-a-port", "it is not a serial port"],
  ["/", "failed", "Is a directory"],
];

Deno.test("openSerial explains in one line why it cannot", async () => {
  for (const [path, problem, detail] of OPEN_CASES) {
    await assert.rejects(openSerial(path), {
      name: "SerialPortError",
      problem,
      path,
      message: `Cannot open serial port "${path}": ${detail}`,
    });
  }
});

/** Runs a module text under some permissions and returns its output. */
async function runWith(permissions: string[], code: string): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--quiet", ...permissions, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { stdout, stderr } = await child.output();
  return decoder.decode(stdout).trim() || decoder.decode(stderr);
}

const module = (file: string) =>
  JSON.stringify(new URL(`../../../src/net/serial/${file}`, import.meta.url));

Deno.test("serial ports, their discovery and pseudo terminals need --allow-ffi only", async () => {
  const output = await runWith(
    ["--allow-ffi"],
    `import { Pty } from ${module("pty.ts")};
     import { openSerial } from ${module("port.ts")};
     import { findUsbSerialPorts } from ${module("discovery.ts")};
     const pty = await Pty.open();
     const port = await openSerial(pty.portPath);
     await pty.device.write(Uint8Array.of(1, 2));
     console.log(await port.read(new Uint8Array(8)), findUsbSerialPorts().length >= 0);
     await port.close();
     await pty.close();`,
  );
  assert.equal(output, "2 true");
});

Deno.test("openSerial without --allow-ffi names the option", async () => {
  const output = await runWith(
    [],
    `import { openSerial } from ${module("port.ts")};
     try { await openSerial("/dev/ttyACM0"); }
     catch (error) { console.log(error.problem, error.message); }`,
  );
  assert.equal(
    output,
    'unsupported Cannot open serial port "/dev/ttyACM0": calling the C library is not allowed, run with --allow-ffi',
  );
});
