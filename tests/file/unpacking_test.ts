/** What the portable file unpacks: whole after a power cut, repaired where it lies, and not too much. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { portableFile } from "./executable.ts";
import { canMountImages, MountedImage } from "../support/mounted_image.ts";

const VERSION_LINE = /^pulsebox .*portable\)\n$/;
const DAMAGED = /^pulsebox: The unpacked copy in \S+ is damaged, unpacking it again\n$/;
/** A gzip stream of nothing: behind a payload it changes the sum and not what is unpacked. */
const NOTHING = await compressedNothing();

/** What a power cut, or an operator, can do to a copy. */
const DAMAGES: Record<string, (copy: string) => Promise<void>> = {
  "a program of 0 bytes": (copy) => Deno.truncate(`${copy}/deno`, 0),
  "half a program": async (copy) => {
    await Deno.truncate(`${copy}/deno`, Math.floor((await Deno.stat(`${copy}/deno`)).size / 2));
  },
  "a program of zeros": async (copy) => {
    const { size } = await Deno.stat(`${copy}/deno`);
    await Deno.truncate(`${copy}/deno`, 0);
    await Deno.truncate(`${copy}/deno`, size);
  },
  "an empty module": (copy) => Deno.truncate(`${copy}/program/portable/main.js`, 0),
  "no modules": (copy) => Deno.remove(`${copy}/program`, { recursive: true }),
  "a program that may not be run": (copy) => Deno.chmod(`${copy}/deno`, 0o644),
};

if (
  requirement("unpacking the executable", {
    name: "an x86-64 machine",
    available: Deno.build.arch === "x86_64",
    howToGet: "a test run on such a machine",
  }) && await canBuild("unpacking the executable")
) {
  for (const [name, damage] of Object.entries(DAMAGES)) {
    Deno.test(`A copy with ${name} is repaired where it lies`, async () => {
      using directory = temporaryDirectory();
      const command = [await portableFile("x86_64")];
      const env = { XDG_CACHE_HOME: directory.path, CACHE_DIRECTORY: "", HOME: directory.path };
      await started(command, env);
      const [copy = ""] = await namesIn(`${directory.path}/pulsebox`);
      await damage(`${directory.path}/pulsebox/${copy}`);
      assert.match(await started(command, env), DAMAGED);
      assert.equal(await started(command, env), "");
      assert.deepEqual(await namesIn(`${directory.path}/pulsebox`), [copy]);
      assert.deepEqual(await namesIn(directory.path), ["pulsebox"]);
    });
  }

  Deno.test("Starts at the same time repair a copy together", async () => {
    using directory = temporaryDirectory();
    const command = [await portableFile("x86_64")];
    const env = { XDG_CACHE_HOME: directory.path };
    await started(command, env);
    const [copy = ""] = await namesIn(`${directory.path}/pulsebox`);
    await Deno.truncate(`${directory.path}/pulsebox/${copy}/deno`, 0);
    for (const said of await Promise.all([1, 2, 3, 4].map(() => started(command, env)))) {
      if (said !== "") assert.match(said, DAMAGED);
    }
    assert.deepEqual(await namesIn(`${directory.path}/pulsebox`), [copy]);
  });

  Deno.test("A program that cannot be run fails with a message", async () => {
    using directory = temporaryDirectory();
    const command = [await portableFile("x86_64")];
    const env = { XDG_CACHE_HOME: directory.path };
    await started(command, env);
    const [copy = ""] = await namesIn(`${directory.path}/pulsebox`);
    const program = `${directory.path}/pulsebox/${copy}/deno`;
    const { size } = await Deno.stat(program);
    // It begins as a program does.
    await Deno.writeTextFile(program, "\x7fELF\n");
    await Deno.truncate(program, size);
    const { status, stdout, stderr } = await runProcess(["version"], env, command);
    assert.notEqual(status, 0);
    assert.equal(stdout, "");
    assert.notEqual(stderr, "");
  });

  Deno.test("The newest two copies stay, and those that run", async () => {
    using directory = temporaryDirectory();
    const env = { XDG_CACHE_HOME: `${directory.path}/cache` };
    const versions = await versionsIn(directory.path, 4);
    const kept = async () => {
      const names = await namesIn(`${env.XDG_CACHE_HOME}/pulsebox`);
      return versions.map(({ key }) => names.includes(key));
    };
    const start = (index: number) => started([versions[index]?.path ?? ""], env);
    {
      const first = [versions[0]?.path ?? ""];
      const args = ["--heartbeat", "--heartbeat-port=0", "--no-console"];
      await using host = new PulseboxProcess(args, env, first);
      await host.stderrHas(/Listening on \S+ role=heartbeat/);
      await start(1);
      await start(2);
      assert.deepEqual(await kept(), [true, true, true, false]);
      host.signal("SIGTERM");
      await host.finished();
    }
    // As a killed start leaves it; no process has this number.
    await Deno.mkdir(`${env.XDG_CACHE_HOME}/pulsebox/.unpacking.99999999.abcdef`);
    await start(3);
    assert.deepEqual(await kept(), [false, false, true, true]);
    assert.equal((await namesIn(`${env.XDG_CACHE_HOME}/pulsebox`)).length, 2);
  });

  if (
    requirement("the executable after a power cut", {
      name: "root and file systems in files",
      available: Deno.uid() === 0 && await canMountImages(),
      howToGet: "sudo, and apt-get install e2fsprogs mount",
    })
  ) {
    Deno.test("A power cut after the first start leaves a program that runs", async () => {
      using directory = temporaryDirectory();
      const command = [await portableFile("x86_64")];
      const images: string[] = [];
      {
        await using disk = await MountedImage.create(`${directory.path}/disk`);
        const env = { XDG_CACHE_HOME: disk.path };
        const cutPower = async () => {
          images.push(`${directory.path}/disk-${images.length}`);
          await disk.copyTo(images.at(-1) ?? "");
        };
        await started(command, env);
        await cutPower();
        // Names reach the disk long before the bytes of files that nobody has synced.
        await disk.commit();
        await cutPower();
        await started(command, env);
        await disk.commit();
        await cutPower();
      }
      for (const image of images) {
        await using disk = await MountedImage.open(image);
        // Nothing had to be repaired.
        assert.equal(await started(command, { XDG_CACHE_HOME: disk.path }), "", image);
        assert.equal((await namesIn(`${disk.path}/pulsebox`)).length, 1, image);
      }
    });
  }
}

/** Starts a command of the program; returns what it wrote to standard error. */
async function started(command: readonly string[], env: Record<string, string>): Promise<string> {
  const { status, stdout, stderr } = await runProcess(["version"], env, command);
  assert.equal(status, 0, stderr);
  assert.match(stdout, VERSION_LINE);
  return stderr;
}

/** Executables that differ in their payloads' sums. */
async function versionsIn(folder: string, count: number): Promise<{ path: string; key: string }[]> {
  const bytes = await Deno.readFile(await portableFile("x86_64"));
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 65_536));
  const offset = Number(/^payload_from=(\d+)/m.exec(head)?.[1]) - 1;
  const oldKey = /^key=(\S+)/m.exec(head)?.[1] ?? "";
  const parts = [bytes.subarray(offset)];
  const versions: { path: string; key: string }[] = [];
  for (let index = 0; index < count; index++) {
    parts.push(NOTHING);
    const payload = await new Blob(parts as BlobPart[]).bytes();
    const key = createHash("sha256").update(payload).digest("hex");
    const path = `${folder}/version-${index}`;
    const launcher = new TextEncoder().encode(head.slice(0, offset).replace(oldKey, key));
    await Deno.writeFile(path, await new Blob([launcher, payload]).bytes(), { mode: 0o755 });
    versions.push({ path, key });
  }
  return versions;
}

function compressedNothing(): Promise<Uint8Array<ArrayBuffer>> {
  return new Response(new Blob([]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}
