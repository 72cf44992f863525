import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
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
    `mount -t tmpfs -o size=400k tmpfs "$1" || exit 77; shift; exec "$@"`,
  ],
];

for (const [name, wrapper, script] of SMALL_DISKS) {
  Deno.test(`Store survives ${name}`, async () => {
    using directory = temporaryDirectory();
    const [command = "", ...args] = wrapper;
    const child = [Deno.execPath(), "run", "--quiet", "--allow-all", CHILD, directory.path];
    let output: Deno.CommandOutput;
    try {
      output = await new Deno.Command(command, {
        args: [...args, "-c", script, "bash", directory.path, ...child],
        signal: AbortSignal.timeout(CHILD_MS_MAX),
      }).output();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      console.log(`skipped: ${command} is not installed`);
      return;
    }
    const text = new TextDecoder().decode(output.stdout);
    const complaint = new TextDecoder().decode(output.stderr);
    if (output.code === 77 || complaint.startsWith("unshare:")) {
      console.log(`skipped: this user must not make a file system (${complaint.trim()})`);
      return;
    }
    assert.equal(output.code, 0, complaint);
    const { message, ...report } = JSON.parse(text);
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
