import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { PERMISSION_FLAGS } from "../../scripts/compile/runtime_flags.ts";
import { startBuilt } from "../../scripts/compile/start.ts";
import { TARGETS } from "../../scripts/compile/target.ts";
import { VERSION } from "../../src/version.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild, hasRuntimeOnlyBinary } from "../support/registry.ts";
import { requirement } from "../support/require.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD_MS_MAX = 120_000;
const NAME = `pulsebox-${VERSION}-${Deno.build.arch}-linux`;

async function compile(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "compile", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    signal: AbortSignal.timeout(BUILD_MS_MAX),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** What `deno compile` writes down about the program: how it is to be started. */
function startOf(file: Buffer): {
  entrypoint_key: string;
  v8_flags: string[];
  permissions: Record<string, unknown>;
  unstable_config: { features: string[] };
} {
  const from = file.lastIndexOf('{"argv":');
  const end = file.indexOf(`"app_name":"${NAME}"}`, from);
  assert.ok(from > 0 && end > from, "the description of the start");
  return JSON.parse(file.toString("utf8", from, file.indexOf("}", end) + 1));
}

if (await canBuild("the canonical form")) {
  Deno.test("The canonical form holds program, page, recordings and flags", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    // The whole of Deno stands in for its runtime: all but the start can be looked at everywhere.
    const { code, stdout, stderr } = await compile(["--form=compile", `--output=${path}`], {
      DENORT_BIN: Deno.execPath(),
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "", "it is not called built");
    assert.match(stderr, /holds the program and remains the deno command, because DENORT_BIN /);
    const names = [...Deno.readDirSync(path)].map(({ name }) => name);
    assert.deepEqual(names, [NAME], "no sum of what does not run");

    const { size } = await Deno.stat(Deno.execPath());
    const file = Buffer.from((await Deno.readFile(`${path}/${NAME}`)).subarray(size));
    const start = startOf(file);
    assert.equal(start.entrypoint_key, "program/portable/main.js");
    assert.deepEqual(start.unstable_config.features, ["net"]);
    assert.ok(start.v8_flags.includes("--max-semi-space-size=4"));
    for (const flag of PERMISSION_FLAGS) {
      const name = flag.replace("--", "").replaceAll("-", "_");
      assert.deepEqual(start.permissions[name], [], `${flag} without a list`);
    }
    assert.equal(start.permissions["prompt"], false);
    for (const { name } of Deno.readDirSync(`${ROOT}dumps`)) {
      const bytes = await Deno.readFile(`${ROOT}dumps/${name}`);
      assert.ok(file.includes(Buffer.from(bytes)), `dumps/${name} is inside`);
    }
    for (const words of ["<!DOCTYPE html", "uPlot", "Listening on", "--heartbeat-port"]) {
      assert.ok(file.includes(words), `${words} is inside`);
    }
  });

  if (
    requirement("the start of the canonical form", {
      name: "Deno's runtime-only binary",
      available: await hasRuntimeOnlyBinary(),
      howToGet: "a network connection to dl.deno.land, or name it with DENORT_BIN",
      isRare: true,
    })
  ) {
    Deno.test("The canonical form runs", async () => {
      using directory = temporaryDirectory();
      const { path } = directory;
      const { code, stderr } = await compile(["--form=compile", `--output=${path}`]);
      assert.equal(code, 0, stderr);
      const { stdout } = await runProcess(["version", "--json"], {}, [`${path}/${NAME}`]);
      assert.equal(JSON.parse(stdout).form, "compiled");
    });
  }
}

Deno.test("A file that does not say what it should when it is started is not called built", async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/built`;
  const target = TARGETS[Deno.build.arch];
  assert.ok(target !== undefined);
  const start = async (script: string) => {
    await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return await startBuilt({ target, form: "compiled", path, cache: directory.path });
  };
  const report = (form: string) =>
    `echo '${JSON.stringify({ pulsebox: VERSION, form, target: target.triple })}'`;
  assert.equal(await start(report("compiled")), "pulsebox");
  assert.equal(
    await start("echo \"error: unrecognized subcommand 'version'\" >&2; exit 1"),
    "deno",
  );
  await assert.rejects(start(report("portable")), /it says that it is \{"pulsebox"/);
  await assert.rejects(start("echo broken >&2; exit 3"), /^Error: Cannot start .*: broken$/);
});

Deno.test("deno task compile refuses what it does not know, in one line and with status 2", async () => {
  for (
    const [arg, complaint] of [
      ["--target=mips", 'Cannot build for "mips": must be x86_64 or aarch64\n'],
      ["--form=zip", 'Cannot build form "zip": must be compile or portable\n'],
    ] as const
  ) {
    assert.deepEqual(await compile([arg]), { code: 2, stdout: "", stderr: complaint });
  }
});
