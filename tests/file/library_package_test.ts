/**
 * The library as an npm package: packed, installed in a project of its own, and imported by name from
 * every door.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import * as library from "../../mod.ts";
import { VERSION } from "../../src/version.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { requirement } from "../support/require.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUN_MS_MAX = 60_000;
const { name, exports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
  name: string;
  exports: Readonly<Record<string, string>>;
};
const DOORS = Object.keys(exports).map((door) => `${name}${door.slice(1)}`);

async function run(program: string, args: readonly string[], cwd = ROOT): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(RUN_MS_MAX),
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, `${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

async function hasNpm(): Promise<boolean> {
  try {
    return (await new Deno.Command("npm", { args: ["--version"], stdout: "null" }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (
  requirement("the library as an npm package", {
    name: "npm",
    available: await hasNpm(),
    howToGet: "apt-get install npm",
  })
) {
  Deno.test("The packed library is installed without a network and runs from every door", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    await run(Deno.execPath(), ["task", "--quiet", "pack", `--output=${path}`]);
    const file = `${path}/pulsebox-library-${VERSION}.tgz`;
    await run("sha256sum", ["--check", "--quiet", `${file}.sha256`], path);

    const project = `${path}/project`;
    await Deno.mkdir(project);
    await Deno.writeTextFile(`${project}/package.json`, '{ "type": "module", "private": true }');
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", file], project);

    const imports = DOORS.map((door, index) => `import * as door${index} from "${door}";`);
    await Deno.writeTextFile(
      `${project}/program.ts`,
      `${imports.join("\n")}
import { type ClientStatus, HilbertClient, HilbertError, ZmqSub } from "${name}";
export async function read(sub: ZmqSub): Promise<number | undefined> {
  for await (const frames of sub) return frames.length;
}
const told: string[] = [];
const onStatus = ({ type }: ClientStatus<HilbertError>) => told.push(type);
await using client = new HilbertClient({ port: 1, onStatus });
await client.ping(5, { errorReturnValue: "" });
const doors = [${DOORS.map((_, index) => `door${index}`).join(", ")}].map(Object.keys);
console.log(JSON.stringify({ told, doors }));
`,
    );
    // The types are in the package, too.
    const flags = ["--check", "--no-prompt", "--allow-net", "--unstable-net"];
    const output = await run(Deno.execPath(), ["run", "--quiet", ...flags, "program.ts"], project);
    const { told, doors } = JSON.parse(output) as { told: string[]; doors: string[][] };
    assert.deepEqual(told, ["down"]);
    assert.equal(doors.length, DOORS.length);
    assert.deepEqual(doors[0], Object.keys(library));
    for (const [index, names] of doors.entries()) assert.ok(names.length > 1, DOORS[index]);
  });
}
