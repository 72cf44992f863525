/** What the portable file runs: nothing that another user of the machine could exchange before it is run. */

import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canGrant, grant } from "../support/acl.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { portableFile } from "./executable.ts";

const NOBODY = 65_534;
const ANOTHER = 4_242;
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];

interface Folders {
  readonly above: string;
  readonly place: string;
  readonly copy: string;
}

/** Whether a copy is run whose folders are like that. */
const SITUATIONS: readonly [name: string, isRun: boolean, prepare: (folders: Folders) => void][] = [
  ["as the file itself makes them", true, () => {}],
  [
    "a folder above that everybody may write to",
    false,
    ({ above }) => Deno.chmodSync(above, 0o777),
  ],
  ["a folder above that is sticky", true, ({ above }) => Deno.chmodSync(above, 0o1777)],
  ["a folder above of another user", false, ({ above }) => Deno.chownSync(above, ANOTHER, ANOTHER)],
  ["a folder above of root", true, ({ above }) => Deno.chownSync(above, 0, 0)],
  ["a folder above for the user's own group", true, ({ above }) => Deno.chmodSync(above, 0o775)],
  ["a folder above for a group of others", false, ({ above }) => {
    Deno.chownSync(above, NOBODY, ANOTHER);
    Deno.chmodSync(above, 0o775);
  }],
  ["a place that everybody may write to", false, ({ place }) => Deno.chmodSync(place, 0o777)],
  ["a place of another user", false, ({ place }) => Deno.chownSync(place, ANOTHER, ANOTHER)],
  ["a copy that everybody may write to", false, ({ copy }) => Deno.chmodSync(copy, 0o777)],
  ["a copy of another user", false, ({ copy }) => Deno.chownSync(copy, ANOTHER, ANOTHER)],
  ["a copy with a list for another user", false, ({ copy }) => grant(copy, "access", ANOTHER)],
  ["a folder above with such a list", false, ({ above }) => grant(above, "access", ANOTHER)],
];

if (
  requirement("copies that others could exchange", {
    name: "root, setpriv, unshare, access control lists, Python and an x86-64 machine",
    available: Deno.build.arch === "x86_64" && Deno.uid() === 0 && isInstalled("setpriv") &&
      isInstalled("unshare") && canGrant(),
    howToGet: "sudo, and apt-get install util-linux python3",
  }) && await canBuild("copies that others could exchange")
) {
  Deno.test("A copy is run only where nobody else can exchange it", async () => {
    using directory = temporaryDirectory();
    await Deno.chmod(directory.path, 0o755);
    const file = `${directory.path}/pulsebox`;
    await Deno.copyFile(await portableFile("x86_64"), file);
    const above = `${directory.path}/above`;
    await Deno.mkdir(above);
    await Deno.chown(above, NOBODY, NOBODY);
    const env = { XDG_CACHE_HOME: above, HOME: "", CACHE_DIRECTORY: "" };
    const start = () => runProcess(["version"], env, [...AS_NOBODY, file]);
    assert.equal((await start()).status, 0);
    const place = `${above}/pulsebox`;
    const copy = `${place}/${[...Deno.readDirSync(place)][0]?.name}`;
    // The folders above it stay nobody's to write to: a damaged copy could otherwise be made anew.
    for (const [name, isRun, prepare] of SITUATIONS) {
      for (const path of [above, place, copy]) {
        await Deno.chown(path, NOBODY, NOBODY);
        await Deno.chmod(path, 0o755);
      }
      // A file system may give the number of a folder again to the next one, so a mark tells the copies apart.
      const mark = `${copy}/.mark`;
      await Deno.writeTextFile(mark, "");
      prepare({ above, place, copy });
      const { status, stdout, stderr } = await start();
      if (isRun) {
        assert.equal(status, 0, `${name}: ${stderr}`);
        continue;
      }
      // A copy in a good place is made anew.
      const isAnew = status === 0 && !existsSync(mark);
      if (!isAnew) {
        assert.match(stderr, /^pulsebox: Cannot unpack: /, name);
        assert.equal(stdout, "", name);
      }
    }
  });

  Deno.test("Root with the HOME of another user runs nothing in it, and makes nothing there", async () => {
    using directory = temporaryDirectory();
    const home = `${directory.path}/home`;
    await Deno.mkdir(home);
    await Deno.chown(home, NOBODY, NOBODY);
    await Deno.chmod(directory.path, 0o755);
    const inOwnRoot = ["unshare", "--mount", "sh", "-c"];
    const script = 'mount -t tmpfs tmpfs /root && "$0" version && ls ~root/.cache/pulsebox';
    const { status, stdout, stderr } = await runProcess(
      [],
      { HOME: home, XDG_CACHE_HOME: "", CACHE_DIRECTORY: "" },
      [...inOwnRoot, script, await portableFile("x86_64")],
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /portable\)\n[0-9a-f]+\n$/);
    assert.deepEqual([...Deno.readDirSync(home)], []);
  });

  Deno.test("The package's launcher starts the program where env cannot block a signal", async () => {
    using directory = temporaryDirectory();
    const launcher = await Deno.readTextFile(
      new URL("../../scripts/package/system_launcher.sh", import.meta.url),
    );
    const script = `${directory.path}/launcher`;
    await Deno.writeTextFile(script, launcher.replace("/usr/lib/pulsebox/deno", "echo started"));
    await Deno.writeTextFile(`${directory.path}/env`, "#!/bin/sh\nexit 125\n", { mode: 0o755 });
    const path = `${directory.path}:${Deno.env.get("PATH")}`;
    const { status, stdout } = await runProcess([], { PATH: path }, ["sh", script]);
    assert.equal(status, 0);
    assert.match(stdout, /^started run /);
  });

  Deno.test("The package's launcher takes no cache of code out of the HOME of another user", async () => {
    using directory = temporaryDirectory();
    const launcher = await Deno.readTextFile(
      new URL("../../scripts/package/system_launcher.sh", import.meta.url),
    );
    const script = `${directory.path}/launcher`;
    await Deno.writeTextFile(script, launcher.replace(/^exec .*$/m, 'echo "$DENO_DIR"'));
    const [theirs, ours] = ["theirs", "ours"].map((name) => `${directory.path}/${name}`);
    for (const path of [theirs, ours]) await Deno.mkdir(path ?? "");
    await Deno.chown(theirs ?? "", NOBODY, NOBODY);
    const cacheFor = async (env: Record<string, string>) =>
      (await runProcess([], { HOME: "", XDG_CACHE_HOME: "", CACHE_DIRECTORY: "", ...env }, [
        "sh",
        script,
      ])).stdout.trim();
    assert.equal(await cacheFor({ HOME: ours ?? "" }), `${ours}/.cache/pulsebox`);
    const none = await cacheFor({ HOME: theirs ?? "" });
    assert.equal(await cacheFor({ HOME: ours ?? "", XDG_CACHE_HOME: theirs ?? "" }), none);
    assert.equal(await cacheFor({ XDG_CACHE_HOME: ours ?? "" }), `${ours}/pulsebox`);
    assert.equal(await cacheFor({ CACHE_DIRECTORY: "/var/cache/x" }), "/var/cache/x");
    assert.equal(await cacheFor({}), none);
    assert.throws(() => Deno.mkdirSync(none, { recursive: true }), "root can make the folder");
  });
}
