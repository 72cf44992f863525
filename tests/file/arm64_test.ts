import { strict as assert } from "node:assert";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { type UnpackedProgram, unpackProgram } from "./unpacked.ts";

const EMULATOR = "qemu-aarch64-static";
/** Where Debian's libc6-arm64-cross puts the loader and the libraries. */
const LIBRARIES = "/usr/aarch64-linux-gnu";
/** Emulation takes its time to start. */
const START_MS_MAX = 60_000;

if (
  requirement("the arm64 executable", {
    name: "qemu-aarch64-static with the libraries of arm64",
    available: isInstalled(EMULATOR) && isFile(`${LIBRARIES}/lib/libgcc_s.so.1`),
    howToGet: "apt-get install qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross",
  }) && await canBuild("the arm64 executable", "aarch64")
) {
  Deno.test("The arm64 file tells its version under emulation", async () => {
    using directory = temporaryDirectory();
    const program = await emulated(directory.path);
    const { status, stdout, stderr } = await runProcess(
      ["version", "--json"],
      program.env,
      program.command,
      START_MS_MAX,
    );
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.equal(report.target, "aarch64-unknown-linux-gnu");
    assert.equal(report.form, "portable");
  });

  Deno.test("The arm64 file looks at its machine under emulation", async () => {
    using directory = temporaryDirectory();
    const program = await emulated(directory.path);
    const { status, stdout, stderr } = await runProcess(
      ["doctor", "--offline", "--heartbeat"],
      program.env,
      program.command,
      START_MS_MAX,
    );
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^OK +architecture +aarch64$/m);
  });

  Deno.test("The arm64 file answers a heartbeat under emulation", async () => {
    using directory = temporaryDirectory();
    const program = await emulated(directory.path);
    await using host = new PulseboxProcess(
      ["--heartbeat", "--heartbeat-port=0", "--no-console"],
      program.env,
      program.command,
    );
    const [, url = ""] = await host.stderrHas(/Listening on (\S+) role=heartbeat/, START_MS_MAX);
    assert.equal(await (await fetch(`${url}/hb_init?5000&appid=tetris`)).text(), "6000");
    assert.equal(await (await fetch(`${url}/list`)).text(), "tetris @ 127.0.0.1\n");
    host.signal("SIGTERM");
    assert.equal((await host.finished(START_MS_MAX)).status, 0);
  });
}

/** The program with the words that start it under emulation. */
async function emulated(folder: string): Promise<UnpackedProgram> {
  const { command, env } = await unpackProgram("aarch64", folder);
  return { command: [EMULATOR, "-L", LIBRARIES, ...command], env };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    // Not installed.
    return false;
  }
}
