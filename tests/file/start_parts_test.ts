/** The runtime compiles some of its own parts only when they are used, at each start of a program. */

import { strict as assert } from "node:assert";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { EVERY_ROLE } from "../cli/whole_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { unpackProgram } from "./unpacked.ts";

/** What no host can do without: it keeps members and wakes up at deadlines. */
const BARE_HOST = `import "node:sqlite"; setTimeout(() => {}, 1);`;

const ALL_ROLES = [...EVERY_ROLE, "--hev-source=serial:/dev/none"];

if (
  requirement("parts of the runtime that a start loads", {
    name: "an x86-64 machine",
    available: Deno.build.arch === "x86_64",
    howToGet: "a test run on such a machine",
  }) && await canBuild("parts of the runtime that a start loads")
) {
  Deno.test("a start loads no part of the runtime that it could do without", async () => {
    using directory = temporaryDirectory();
    const { command, env: plain } = await unpackProgram("x86_64", directory.path);
    const env = { ...plain, DENO_LOG_LAZY_LOAD: "1" };
    const [deno = ""] = command;
    const bare = `${directory.path}/bare.js`;
    await Deno.writeTextFile(bare, BARE_HOST);

    const { stderr } = await runProcess([], env, [deno, "run", "--no-config", bare]);
    const needed = partsIn(stderr);
    assert.ok(needed.includes("ext:deno_node/sqlite.ts"), stderr);

    const tool = await runProcess(["version"], env, command);
    assert.equal(tool.status, 0);
    assert.deepEqual(partsIn(tool.stderr), []);

    await using host = new PulseboxProcess(ALL_ROLES, env, command);
    await host.stderrHas(/role=console/);
    const wasted = partsIn(host.stderrText).filter((part) => !needed.includes(part));
    assert.deepEqual(wasted, []);
  });
}

/** What the runtime says that it loaded. */
function partsIn(stderr: string): string[] {
  return [...stderr.matchAll(/^\[lazy\] \w+ +(\S+)/gm)].map(([, part = ""]) => part);
}
