import { strict as assert } from "node:assert";
import { Pty } from "../../../src/net/serial/pty.ts";
import { openSerial } from "../../../src/net/serial/port.ts";

Deno.test("Pty carries every byte value both ways", async () => {
  await using pty = await Pty.open();
  await using port = await openSerial(pty.portPath);
  const all = Uint8Array.from({ length: 256 }, (_, value) => value);
  assert.equal(await pty.device.write(all), true);
  assert.deepEqual(await readExactly(port, 256), all);
  assert.equal(await port.write(all), true);
  assert.deepEqual(await readExactly(pty.device, 256), all);
});

Deno.test("Pty's device end outlives programs that open and close the port", async () => {
  await using pty = await Pty.open();
  for (let program = 0; program < 3; program++) {
    const port = await openSerial(pty.portPath);
    await port.write(Uint8Array.of(program));
    assert.deepEqual(await readExactly(pty.device, 1), Uint8Array.of(program));
    await port.close();
  }
});

Deno.test("Pty makes its link, takes it over from another and removes only its own", async () => {
  const folder = await Deno.makeTempDir();
  const link = `${folder}/ttyEMU0`;
  const first = await Pty.open({ link });
  assert.equal(await Deno.readLink(link), first.portPath);
  const second = await Pty.open({ link });
  assert.equal(await Deno.readLink(link), second.portPath);
  await first.close();
  assert.equal(await Deno.readLink(link), second.portPath);
  await second.close();
  await second.close();
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("Pty.open explains a link that cannot be made and leaves nothing open", async () => {
  const folder = await Deno.makeTempDir();
  const link = `${folder}/missing/ttyEMU0`;
  await assert.rejects(Pty.open({ link }), {
    message: `Cannot make link "${link}": No such file or directory`,
  });
  await Deno.remove(folder);
});

async function readExactly(
  source: { read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> },
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let count = 0; count < length;) {
    const read = await source.read(bytes.subarray(count));
    assert.ok(read !== null, "the port ended early");
    count += read;
  }
  return bytes;
}
