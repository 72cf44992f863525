import { strict as assert } from "node:assert";
import { readSysctlFiles } from "../../src/store/sysctl_files.ts";
import { temporaryDirectory } from "./virtual_host.ts";

/** Makes a system below a folder: files with their texts, and links `-> TARGET`. */
function makeSystem(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(root + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (text.startsWith("-> ")) Deno.symlinkSync(text.slice(3), root + path);
    else Deno.writeTextFileSync(root + path, text);
  }
}

async function textsBelow(root: string): Promise<string[]> {
  return (await readSysctlFiles(root)).map(({ path, text }) => `${path}: ${text}`);
}

Deno.test("readSysctlFiles reads by name, of two with one name the nearest, and sysctl.conf last", async () => {
  using folder = temporaryDirectory();
  makeSystem(folder.path, {
    "/etc/sysctl.conf": "last",
    "/etc/sysctl.d/50-b.conf": "the operator's",
    "/run/sysctl.d/50-b.conf": "hidden",
    "/usr/lib/sysctl.d/10-a.conf": "first",
    "/usr/local/lib/sysctl.d/90-c.conf": "third",
    "/usr/lib/sysctl.d/README": "no settings",
  });
  assert.deepEqual(await textsBelow(folder.path), [
    "/usr/lib/sysctl.d/10-a.conf: first",
    "/etc/sysctl.d/50-b.conf: the operator's",
    "/usr/local/lib/sysctl.d/90-c.conf: third",
    "/etc/sysctl.conf: last",
  ]);
});

Deno.test("readSysctlFiles follows links within its system, and not for ever", async () => {
  using folder = temporaryDirectory();
  makeSystem(folder.path, {
    "/etc/real.conf": "real",
    "/etc/sysctl.d/1-absolute.conf": "-> /etc/real.conf",
    "/etc/sysctl.d/2-relative.conf": "-> ../real.conf",
    "/etc/sysctl.d/3-twice.conf": "-> 2-relative.conf",
    "/etc/sysctl.d/4-round.conf": "-> 4-round.conf",
    "/etc/sysctl.d/5-nowhere.conf": "-> /etc/none.conf",
    "/etc/sysctl.d/6-off.conf": "-> /dev/null",
  });
  assert.deepEqual(await textsBelow(folder.path), [
    "/etc/sysctl.d/1-absolute.conf: real",
    "/etc/sysctl.d/2-relative.conf: real",
    "/etc/sysctl.d/3-twice.conf: real",
  ]);
});
