/** A running host and its network: addresses go, cables are cut, names do not resolve, packets are lost. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { runContained } from "../support/contained.ts";
import { canUnshare } from "../support/namespace.ts";
import { PYTHON } from "../support/python.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";

const CHILD = fileURLToPath(new URL("network_child.ts", import.meta.url));
const SCENE_MS_MAX = 60_000;

function hasTunnels(): boolean {
  try {
    return Deno.statSync("/dev/net/tun").isCharDevice === true && Deno.statSync(PYTHON).isFile;
  } catch {
    return false;
  }
}

/** What the network does, and what is expected; each scene has a network of its own. */
const SCENES: Readonly<Record<string, string>> = {
  "address removed": "the others serve, and this one when it is back",
  "cable cut": "peers that cannot say goodbye leave no connection open",
  "resolver hangs": "no role waits for a name, nor does the end of the host",
  "packets lost": "nobody is late for a fifth of all packets",
};

async function play(scene: string, expected: string): Promise<void> {
  using directory = temporaryDirectory();
  const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", CHILD];
  const words = ["unshare", "--net", ...run, scene, directory.path];
  const { success, text } = await runContained(words, SCENE_MS_MAX);
  assert.ok(success, `${scene}: ${expected}:\n${text}`);
}

if (
  requirement("a running host and its network", {
    name: "root, networks of their own, tunnels and Python",
    available: Deno.uid() === 0 && isInstalled("nsenter") && canUnshare() && hasTunnels(),
    howToGet: "sudo, and apt-get install iproute2 util-linux python3",
  })
) {
  Deno.test("a running host and its clients outlive what their network does", async () => {
    await Promise.all(Object.entries(SCENES).map(([scene, expected]) => play(scene, expected)));
  });
}
