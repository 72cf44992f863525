import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";
import { canWrap, runWrapped, type Wrapping } from "./wrapped_command.ts";

const CHILD = fileURLToPath(new URL("disk_full_child.ts", import.meta.url));
const CHILD_MS_MAX = 30_000;

/** Ways to make a small disk without a privilege. */
const SMALL_DISKS: readonly (Wrapping & { name: string })[] = [
  {
    // A file that reaches the limit cannot grow: the write fails as on a full disk.
    name: "files of at most 200 KiB",
    wrapper: ["bash"],
    preparation: `trap '' XFSZ; ulimit -f 200`,
  },
  {
    name: "a file system of 400 KiB",
    wrapper: ["unshare", "--user", "--map-root-user", "--mount", "bash"],
    preparation: `mount -t tmpfs -o size=400k tmpfs "$1"`,
  },
];

for (const disk of SMALL_DISKS) {
  const howToGet = "util-linux, and a kernel that lets users make namespaces";
  const name = disk.wrapper[0] ?? "";
  if (!requirement(disk.name, { name, available: canWrap(disk), howToGet })) continue;

  Deno.test(`Store survives ${disk.name}`, async () => {
    using directory = temporaryDirectory();
    const { code, stdout, stderr } = await runWrapped(
      disk,
      directory.path,
      [Deno.execPath(), "run", "--quiet", "--allow-all", CHILD, directory.path],
      AbortSignal.timeout(CHILD_MS_MAX),
    );
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const { message, ...report } = JSON.parse(new TextDecoder().decode(stdout));
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
