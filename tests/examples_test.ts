/**
 * Every example of the documentation is executed against a real host, from a folder of its own that
 * knows the library by its name only, as a stranger's would.
 */

import { strict as assert } from "node:assert";
import { WholeHost } from "./cli/whole_host.ts";
import { Pty } from "../src/net/serial/pty.ts";
import { temporaryDirectory } from "./store/virtual_host.ts";

const ROOT = new URL("../", import.meta.url);
const EXAMPLES = new URL("docs/examples/", ROOT);
const RUN_MS_MAX = 20_000;

/** What is given to each example, and what it must print. */
const EXPECTED: Readonly<Record<string, { args: (ports: Ports) => string[]; prints: RegExp }>> = {
  "exhibit.ts": {
    args: ({ heartbeat }) => [`http://127.0.0.1:${heartbeat}`],
    prints: /^(The kaleidoscope turns for the \d\. time\n){3}$/,
  },
  "wake_up.ts": {
    args: ({ trigger }) => ["127.0.0.1", trigger],
    prints: /^2 intervals of [\d.]+ ms\n$/,
  },
  "instrument.ts": {
    args: ({ hev }) => ["127.0.0.1", hev],
    prints: /^(pressure [\d.]+, \d+ alarms\n){3}$/,
  },
  "headset.ts": {
    args: ({ state }) => [`http://127.0.0.1:${state}`],
    prints:
      /^The game is DISCONNECTED\nThe game is UNCALIBRATED\ncalibrating with \{"pillar":\[0,0\]\}\nThe game is CALIBRATED\n/,
  },
  "forwarder.ts": { args: () => [], prints: /^weather: sunny\n$/ },
  "serial_port.ts": { args: ({ serial }) => [serial], prints: /^hello yourself\n$/ },
};

/** Examples that other tests execute. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  "webhook_receiver.ts": "tests/notification_recipes_test.ts",
};

interface Ports {
  heartbeat: string;
  trigger: string;
  hev: string;
  state: string;
  /** Path of a pseudo terminal behind which a device answers. */
  serial: string;
}

async function portsOf(host: WholeHost, serial: string): Promise<Ports> {
  return {
    serial,
    heartbeat: await host.port("heartbeat"),
    trigger: await host.port("trigger", "udp"),
    hev: await host.port("hev", "tcp"),
    state: await host.port("state"),
  };
}

/** A device that answers what it hears. */
async function answerOn(pty: Pty): Promise<void> {
  const buffer = new Uint8Array(new ArrayBuffer(64));
  for (;;) {
    const count = await pty.device.read(buffer);
    if (count === null) return;
    const text = new TextDecoder().decode(buffer.subarray(0, count)).trim();
    await pty.device.write(new Uint8Array(new TextEncoder().encode(`${text} yourself\n`)));
  }
}

/** A configuration that a stranger's project could have, with the files in place of the registry. */
async function strangersConfiguration(): Promise<string> {
  const { name, exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const imports = Object.entries(exports as Record<string, string>).map(([entrance, path]) => [
    `${name}${entrance.slice(1)}`,
    new URL(path, ROOT).href,
  ]);
  return JSON.stringify({ imports: Object.fromEntries(imports), unstable: ["net"] });
}

Deno.test("every example of the documentation does what it says, for a stranger too", async (t) => {
  const names = (await Array.fromAsync(Deno.readDir(EXAMPLES))).map((entry) => entry.name);
  const others = Object.keys(RUN_ELSEWHERE);
  assert.deepEqual(names.sort(), [...Object.keys(EXPECTED), ...others].sort());
  using directory = temporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/deno.json`, await strangersConfiguration());
  await using host = new WholeHost(["--no-console"]);
  await using pty = await Pty.open();
  const answering = answerOn(pty);
  const ports = await portsOf(host, pty.portPath);
  for (const [name, { args, prints }] of Object.entries(EXPECTED)) {
    await t.step(name, async () => {
      await Deno.copyFile(new URL(name, EXAMPLES), `${directory.path}/${name}`);
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--allow-net",
          "--allow-env",
          "--allow-ffi",
          name,
          ...args(ports),
        ],
        cwd: directory.path,
        stdin: "null",
        signal: AbortSignal.timeout(RUN_MS_MAX),
      }).output();
      const said = new TextDecoder().decode(stderr);
      assert.ok(success, said);
      assert.match(new TextDecoder().decode(stdout), prints);
    });
  }
  await pty.close();
  await answering;
});
