import { strict as assert } from "node:assert";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { portableFile } from "./executable.ts";
import { EVERY_ROLE } from "../cli/whole_host.ts";

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const LISTENING = /Listening on (\S+) role=heartbeat/;
const ONE_ROLE = ["--heartbeat", "--heartbeat-port=0", "--console-port=0"];

if (
  requirement("the executable", {
    name: "an x86-64 machine",
    available: Deno.build.arch === "x86_64",
    howToGet: "a test run on such a machine",
  }) && await canBuild("the executable")
) {
  Deno.test("The portable file unpacks itself once and says what it is", async () => {
    using directory = temporaryDirectory();
    const env = { HOME: directory.path, XDG_CACHE_HOME: "", CACHE_DIRECTORY: "" };
    const command = [await portableFile("x86_64")];
    const first = await runProcess(["version", "--json"], env, command);
    assert.equal(JSON.parse(first.stdout).form, "portable", first.stderr);
    const copies = await listOf(`${directory.path}/.cache/pulsebox`);
    assert.equal(copies.length, 1);
    const program = `${directory.path}/.cache/pulsebox/${copies[0]}/deno`;
    const { ino } = await Deno.stat(program);
    const second = await runProcess(["version", "--json"], env, command);
    assert.equal(second.status, 0);
    assert.deepEqual(await listOf(`${directory.path}/.cache/pulsebox`), copies);
    assert.equal((await Deno.stat(program)).ino, ino);
  });

  Deno.test("The portable file runs all roles under a path with spaces, alone in its folder", async () => {
    using directory = temporaryDirectory();
    const folder = `${directory.path}/a folder with spaces`;
    await Deno.mkdir(folder);
    await Deno.copyFile(await portableFile("x86_64"), `${folder}/pulse box`);
    await using host = new PulseboxProcess(
      EVERY_ROLE,
      { XDG_CACHE_HOME: `${folder}/cache folder` },
      [`${folder}/pulse box`],
    );
    const [, url = ""] = await host.stderrHas(LISTENING);
    for (const role of ["trigger", "hev", "state", "console"]) {
      await host.stderrHas(new RegExp(`role=${role}`));
    }
    const reply = await fetch(`${url}/hb_ping?5000&appid=tetris`);
    assert.equal(await reply.text(), "6000");
    const [, console = ""] = await host.stderrHas(/Listening on (\S+) role=console/);
    for (const path of ["/", "/assets/main.js", "/assets/uplot.js", "/openapi.json", "/metrics"]) {
      const response = await fetch(console + path);
      assert.equal(response.status, 200, path);
      assert.ok((await response.text()).length > 1_000, path);
    }
    // The launcher became the program: a service manager's signals reach it.
    host.signal("SIGTERM");
    assert.equal((await host.finished()).status, 0);
  });

  Deno.test("The portable file keeps members over kill -9", async () => {
    using directory = temporaryDirectory();
    const args = [...ONE_ROLE, `--data=${directory.path}/data`];
    const env = { XDG_CACHE_HOME: `${directory.path}/cache` };
    const command = [await portableFile("x86_64")];
    {
      await using host = new PulseboxProcess(args, env, command);
      const [, url = ""] = await host.stderrHas(LISTENING);
      await (await fetch(`${url}/hb_ping?60000&appid=tetris`)).text();
      await within(written(`${directory.path}/data`, "tetris"), "the member on the disk");
      host.signal("SIGKILL");
    }
    await using host = new PulseboxProcess(args, env, command);
    const [, url = ""] = await host.stderrHas(LISTENING);
    assert.equal(await (await fetch(`${url}/list`)).text(), "tetris @ 127.0.0.1\n");
  });

  Deno.test("A second start on the same port says so in one line and fails", async () => {
    using directory = temporaryDirectory();
    const env = { XDG_CACHE_HOME: directory.path };
    const command = [await portableFile("x86_64")];
    await using host = new PulseboxProcess(ONE_ROLE, env, command);
    const [, url = ""] = await host.stderrHas(LISTENING);
    const { port } = new URL(url);
    const second = await runProcess(
      ["--heartbeat", `--heartbeat-port=${port}`, "--no-console"],
      env,
      command,
    );
    assert.equal(second.status, 1);
    assert.match(second.stderr, new RegExp(`^pulsebox: Cannot listen on .*${port}.*\n$`));
  });

  for (const own of [{}, { DENO_DIR: "/their/own", MALLOC_ARENA_MAX: "4" }]) {
    const names = Object.keys(own).join(" and ") || "nothing";
    Deno.test(`The portable file keeps its child's environment and exit status: ${names} set`, async () => {
      using directory = temporaryDirectory();
      const env = { XDG_CACHE_HOME: directory.path, ...own };
      const told = "env | sort; exit 7";
      const [direct, started] = [
        await runProcess(["-c", told], env, ["sh"]),
        await runProcess(["beat", "tetris", "--", "sh", "-c", told], env, [
          await portableFile("x86_64"),
        ]),
      ];
      // A shell tells the next program its name, and `beat` tells its program where to report.
      const of = ({ stdout }: { stdout: string }) =>
        stdout.split("\n").filter((line) => !/^(_|APP_ID|HB_\w+)=/.test(line));
      assert.deepEqual(of(started), of(direct));
      assert.deepEqual([direct.status, started.status], [7, 7]);
    });
  }

  Deno.test("A damaged file is refused before anything of it runs", async () => {
    using directory = temporaryDirectory();
    const bytes = await Deno.readFile(await portableFile("x86_64"));
    const path = `${directory.path}/pulsebox`;
    const env = { XDG_CACHE_HOME: `${directory.path}/cache` };
    await Deno.writeFile(path, bytes.subarray(0, bytes.length - 1_000), { mode: 0o755 });
    const { status, stderr } = await runProcess(["version"], env, [path]);
    assert.equal(status, 1);
    assert.match(stderr, /^pulsebox: This file is damaged: /);
    assert.deepEqual(await listOf(`${directory.path}/cache`), []);
  });

  if (
    requirement("the executable of an unprivileged user", {
      name: "root, to become somebody else",
      available: Deno.uid() === 0,
      howToGet: "sudo",
    })
  ) {
    Deno.test("An unprivileged user without a writable home runs the file, two at once", async () => {
      using directory = temporaryDirectory();
      await Deno.chmod(directory.path, 0o755);
      const path = `${directory.path}/pulsebox`;
      await Deno.copyFile(await portableFile("x86_64"), path);
      await Deno.mkdir(`${directory.path}/home`, { mode: 0o555 });
      await Deno.mkdir(`${directory.path}/tmp`);
      await Deno.chmod(`${directory.path}/tmp`, 0o1777);
      const env = {
        HOME: `${directory.path}/home`,
        CACHE_DIRECTORY: `${directory.path}/tmp/cache`,
      };
      const both = await Promise.all(
        [1, 2].map(() => runProcess(["version", "--json"], env, [...NOBODY, path])),
      );
      for (const { status, stdout, stderr } of both) {
        assert.equal(status, 0, stderr);
        assert.equal(JSON.parse(stdout).form, "portable");
      }
      assert.equal((await listOf(`${directory.path}/tmp/cache/unpacked`)).length, 1);
    });

    Deno.test("Where no folder can be written, the file says how to name one", async () => {
      using directory = temporaryDirectory();
      await Deno.chmod(directory.path, 0o755);
      const path = `${directory.path}/pulsebox`;
      await Deno.copyFile(await portableFile("x86_64"), path);
      const env = {
        HOME: directory.path,
        CACHE_DIRECTORY: `${directory.path}/none`,
        XDG_CACHE_HOME: "",
      };
      const { status, stdout, stderr } = await runProcess(["version"], env, [...NOBODY, path]);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /^pulsebox: Cannot unpack: .* Name another folder with CACHE_DIRECTORY\n$/,
      );
    });

    Deno.test("A copy that somebody else could have made is not run", async () => {
      using directory = temporaryDirectory();
      await Deno.chmod(directory.path, 0o755);
      const path = `${directory.path}/pulsebox`;
      await Deno.copyFile(await portableFile("x86_64"), path);
      const trap = `${directory.path}/trap`;
      const own = `${directory.path}/own`;
      await runProcess(["version"], { XDG_CACHE_HOME: trap }, [path]);
      const [copy = ""] = await listOf(`${trap}/pulsebox`);
      // Another program, of the same size.
      const main = `${trap}/pulsebox/${copy}/program/portable/main.js`;
      const { size } = await Deno.stat(main);
      await Deno.writeTextFile(main, 'console.log("trapped");'.padEnd(size));
      const owned = await new Deno.Command("chown", { args: ["-R", "12345:12345", trap] }).output();
      assert.ok(owned.success);
      await Deno.mkdir(own);
      await Deno.chown(own, 65_534, 65_534);
      const { status, stdout, stderr } = await runProcess(
        ["version"],
        { HOME: own, XDG_CACHE_HOME: trap },
        [...NOBODY, path],
      );
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^pulsebox .*portable\)\n$/);
    });
  }
}

async function listOf(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Resolves when some file of the folder holds the text. */
async function written(folder: string, text: string): Promise<void> {
  for (;;) {
    for (const name of await listOf(folder)) {
      const bytes = await Deno.readFile(`${folder}/${name}`);
      if (new TextDecoder("latin1").decode(bytes).includes(text)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
