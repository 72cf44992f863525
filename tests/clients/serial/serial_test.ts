import { strict as assert } from "node:assert";
import { serial, SerialPort } from "../../../lib/serial.ts";
import { portsOf } from "../../../src/clients/serial/serial.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { FakeUsb, NODE_MCU, UNO } from "../../net/serial/fake_usb.ts";

Deno.test("serial.getPorts lists ports on USB, then those of the board", async () => {
  using system = new FakeUsb([NODE_MCU, UNO]);
  const { deviceFolder } = system.options;
  const ports = await portsOf(system.options);
  const known = ports.map((port) => port.getInfo());
  assert.deepEqual(known.map(({ path }) => path.slice(deviceFolder.length + 1)), [
    "ttyACM0",
    "ttyUSB0",
    "ttyAMA0",
    "ttyS0",
  ]);
  const [uno, nodeMcu, , header] = known;
  assert.deepEqual([uno?.usbVendorId, uno?.usbProductId], [0x2341, 0x0043]);
  assert.equal(uno?.lastingPath, `${deviceFolder}/serial/by-id/${UNO.id}`);
  assert.equal(uno?.serialNumber, "7583");
  assert.equal(nodeMcu?.product, "CP2102");
  assert.equal(header?.lastingPath, `${deviceFolder}/serial0`);
  assert.equal(header?.usbVendorId, undefined);
});

Deno.test("serial.getPorts asks this machine", async () => {
  for (const port of await serial.getPorts()) assert.ok(port instanceof SerialPort);
});

Deno.test("serial needs --allow-ffi, and says so", async () => {
  const door = JSON.stringify(import.meta.resolve("../../../lib/serial.ts"));
  const program = `
    import { serial, SerialPort } from ${door};
    const tell = (error) => console.log(error.name, error.message);
    await serial.getPorts().catch(tell);
    await new SerialPort("/dev/null").open({ baudRate: 9_600 }).catch(tell);`;
  using folder = temporaryDirectory();
  await Deno.writeTextFile(`${folder.path}/program.ts`, program);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "--no-lock", "program.ts"],
    cwd: folder.path,
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^SecurityError .* run with --allow-ffi$/);
});
