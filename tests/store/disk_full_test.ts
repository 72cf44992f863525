import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";

const CHILD = fileURLToPath(new URL("disk_full_child.ts", import.meta.url));
const CHILD_MS_MAX = 30_000;

/** Ways to make a small disk without a privilege; `$1` is the directory, the rest the command. */
const SMALL_DISKS: readonly (readonly [string, readonly string[], string])[] = [
  // A file that reaches the limit cannot grow: the write fails as on a full disk.
  ["files of at most 200 KiB", ["bash"], `trap '' XFSZ; ulimit -f 200; shift; exec "$@"`],
  [
    "a file system of 400 KiB",
    ["unshare", "--user", "--map-root-user", "--mount", "bash"],
    `mount -t tmpfs -o size=400k tmpfs "$1" || exit 1; shift; exec "$@"`,
  ],
];

for (const [name, wrapper, script] of SMALL_DISKS) {
  const [command = "", ...args] = wrapper;
  const available = canRun(command, [...args, "-c", script, "bash", Deno.cwd(), "true"]);
  const howToGet = "bash, util-linux, and a kernel that lets users make namespaces";
  if (!requirement(`a disk with ${name}`, { name: command, available, howToGet })) continue;

  Deno.test(`Store survives ${name}`, async () => {
    using directory = temporaryDirectory();
    const child = [Deno.execPath(), "run", "--quiet", "--allow-all", CHILD, directory.path];
    const output = await new Deno.Command(command, {
      args: [...args, "-c", script, "bash", directory.path, ...child],
      signal: AbortSignal.timeout(CHILD_MS_MAX),
    }).output();
    assert.equal(output.code, 0, new TextDecoder().decode(output.stderr));
    const { message, ...report } = JSON.parse(new TextDecoder().decode(output.stdout));
    assert.deepEqual(report, {
      failed: true,
      members: true,
      recovered: true,
      events: ["store-failed", "store-recovered"],
      restored: true,
    });
    assert.match(message, /Cannot write to .*: .*(full|I\/O error)/);
  });
}

function canRun(command: string, args: readonly string[]): boolean {
  try {
    return new Deno.Command(command, { args: [...args], stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
