/** An executable's host holds none of the tools in memory, and still finds what it needs later. */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { unpackProgram } from "./unpacked.ts";

/** As the bundle has them; the bundler adds eight characters to each name. */
const HIDDEN_IMPORT = /import\(\["\.\/(\w+)-\w+\.js"\]\[0\]\)/g;

Deno.test("an executable's host reads no tool and no role that it does not run", async () => {
  using directory = temporaryDirectory();
  const { command, env } = await unpackProgram("x86_64", directory.path);
  const [deno = "", main = ""] = [command[0], command.at(-1)];
  const { stdout } = await new Deno.Command(deno, {
    args: ["info", "--json", "--no-config", "--no-lock", main],
    env,
  }).output();
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  const seen = new Set(graph.modules.map(({ specifier }) => moduleOf(specifier)));
  // A host loads these after it has given back the permission to read, unless the runtime has read them.
  for (const late of ["console", "secrets", "notifications", "document"]) {
    assert.ok(seen.has(late), `${late} must be among ${[...seen].join(" ")}`);
  }
  const folder = `${directory.path}/program/portable`;
  const hidden = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    for (const [, module = ""] of text.matchAll(HIDDEN_IMPORT)) hidden.add(module);
  }
  const tools = await Array.fromAsync(Deno.readDir("src/cli/commands"));
  const names = tools.filter(({ isFile }) => isFile).map(({ name }) => name.replace(".ts", ""))
    // The table of commands holds all flags, so that help can tell of them.
    .filter((name) => name !== "serve" && !/flags$/.test(name));
  for (const name of [...names, "heartbeat"]) {
    assert.ok(hidden.has(name), `${name} must be hidden`);
    assert.equal(seen.has(name), false, `${name} must not be read`);
  }
});

function moduleOf(specifier: string): string {
  return /\/(\w+)(?:-\w+)?\.js$/.exec(specifier)?.[1] ?? specifier;
}
