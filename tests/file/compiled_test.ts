import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/version.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD_MS_MAX = 120_000;

async function compile(...args: string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "compile", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(BUILD_MS_MAX),
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

if (await canBuild("the canonical form")) {
  Deno.test("The canonical form runs, or cannot be built for the one reason that is said", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    const { code, stderr } = await compile("--form=compile", `--output=${path}`);
    const name = `pulsebox-${VERSION}-${Deno.build.arch}-linux`;
    if (code !== 0) {
      assert.match(
        stderr,
        /^Cannot compile for \S+: Deno's runtime-only binary is neither here nor /,
      );
      return;
    }
    const { stdout } = await runProcess(["version", "--json"], {}, [`${path}/${name}`]);
    assert.equal(JSON.parse(stdout).form, "compiled");
  });
}

Deno.test("deno task compile refuses what it does not know, in one line and with status 2", async () => {
  for (
    const [arg, complaint] of [
      ["--target=mips", 'Cannot build for "mips": must be x86_64 or aarch64\n'],
      ["--form=zip", 'Cannot build form "zip": must be compile or portable\n'],
    ] as const
  ) {
    assert.deepEqual(await compile(arg), { code: 2, stderr: complaint });
  }
});
