/** A running host and its disk: it fails, goes, is exchanged and stalls. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { runContained } from "../support/contained.ts";
import { canMountImages } from "../support/mounted_image.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";

const CHILD = fileURLToPath(new URL("disk_child.ts", import.meta.url));
const SCENE_MS_MAX = 60_000;

/** What the disk does, and what is expected; each scene has a file system of its own. */
const SCENES: Readonly<Record<string, string>> = {
  "full": "it goes on, says so, and keeps all when there is room",
  "full at the start": "members come back; it says so as soon as it cannot write",
  "deleted": "it says so and writes everything anew",
  "replaced": "it says so and writes everything anew",
  "read-only": "it goes on, says so, and keeps all when it can",
  "dead": "it goes on, says so, and keeps all on the next medium",
  "stalls": "nobody is late for it, and whoever asked is answered afterwards",
};

async function play(scene: string, expected: string): Promise<void> {
  using directory = temporaryDirectory();
  const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", CHILD];
  const { success, text } = await runContained([...run, scene, directory.path], SCENE_MS_MAX);
  assert.ok(success, `${scene}: ${expected}:\n${text}`);
}

if (
  requirement("a running host and its disk", {
    name: "root, loop devices and fsfreeze",
    available: Deno.uid() === 0 && isInstalled("fsfreeze") && await canMountImages(),
    howToGet: "sudo, and apt-get install e2fsprogs mount util-linux",
  })
) {
  Deno.test("a running host goes on whatever its disk does, says so, and loses nothing", async () => {
    const scenes = Object.entries(SCENES).map(([scene, expected]) => play(scene, expected));
    // All of them end first: a disk that stalls would keep its host for ever if it were cut off.
    await Promise.allSettled(scenes);
    await Promise.all(scenes);
  });
}
