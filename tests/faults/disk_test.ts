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

async function play(scene: string): Promise<void> {
  using directory = temporaryDirectory();
  const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", CHILD];
  const { success, text } = await runContained([...run, scene, directory.path], SCENE_MS_MAX);
  assert.ok(success, text);
}

if (
  requirement("a running host and its disk", {
    name: "root, loop devices and fsfreeze",
    available: Deno.uid() === 0 && isInstalled("fsfreeze") && await canMountImages(),
    howToGet: "sudo, and apt-get install e2fsprogs mount util-linux",
  })
) {
  Deno.test("a host whose disk is full goes on, says so, and keeps all when there is room", () =>
    play("full"));
  Deno.test("a host whose data folder is deleted says so and writes everything anew", () =>
    play("deleted"));
  Deno.test("a host whose database is replaced says so and writes everything anew", () =>
    play("replaced"));
  Deno.test("a host whose disk becomes read-only goes on, says so, and keeps all when it can", () =>
    play("read-only"));
  Deno.test("a host whose disk dies goes on, says so, and keeps all on the next one", () =>
    play("dead"));
  Deno.test("a disk that stalls makes nobody late, and whoever asks is answered after it", () =>
    play("stalls"));
}
