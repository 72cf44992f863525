import { strict as assert } from "node:assert";
import { Pty } from "../../../src/net/serial/pty.ts";
import { SerialLink } from "../../../src/net/serial/link.ts";
import { requirement } from "../../support/require.ts";
import { until, within } from "../../support/tcp.ts";

const runnable = requirement("a serial line without free descriptors", {
  name: "prlimit",
  available: await hasPrlimit(),
  howToGet: "apt-get install util-linux",
});

if (runnable) {
  Deno.test("SerialLink survives that a few descriptors are free, and opens when there are more", async () => {
    await using pty = await Pty.open();
    const told: string[] = [];
    const held: Deno.FsFile[] = [];
    const { soft } = await limitOf();
    // As many as the process may have, but for one.
    await setLimit(count() + 12);
    try {
      for (;;) {
        try {
          held.push(Deno.openSync("/dev/null"));
        } catch {
          break;
        }
      }
      held.pop()?.close();
      const link = SerialLink.start({
        locate: () => pty.portPath,
        listener: {
          onUp: () => told.push("up"),
          onDown: (why) => told.push(why),
          onBytes: () => {},
        },
      });
      await until(() => told.length > 0, "it says why");
      assert.match(told[0] ?? "", /^Cannot open serial port .*[Tt]oo many open files/);
      for (const file of held.splice(0)) file.close();
      await until(() => told.at(-1) === "up", "it opens");
      await within(link.close(), "it ends");
    } finally {
      for (const file of held) file.close();
      await setLimit(soft);
    }
  });
}

function count(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

async function limitOf(): Promise<{ soft: number }> {
  const text = await Deno.readTextFile("/proc/self/limits");
  return { soft: Number(/^Max open files\s+(\d+)/m.exec(text)?.[1]) };
}

async function setLimit(soft: number): Promise<void> {
  const args = [`--pid=${Deno.pid}`, `--nofile=${soft}:`];
  const { success } = await new Deno.Command("prlimit", { args }).output();
  assert.ok(success, "prlimit works");
}

async function hasPrlimit(): Promise<boolean> {
  try {
    return (await new Deno.Command("prlimit", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
