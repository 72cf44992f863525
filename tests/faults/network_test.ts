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

async function play(scene: string): Promise<void> {
  using directory = temporaryDirectory();
  const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", CHILD];
  const words = ["unshare", "--net", ...run, scene, directory.path];
  const { success, text } = await runContained(words, SCENE_MS_MAX);
  assert.ok(success, text);
}

if (
  requirement("a running host and its network", {
    name: "root, networks of their own, tunnels and Python",
    available: Deno.uid() === 0 && isInstalled("nsenter") && canUnshare() && hasTunnels(),
    howToGet: "sudo, and apt-get install iproute2 util-linux python3",
  })
) {
  Deno.test("a host whose address is removed serves at its others, and there when it is back", () =>
    play("address removed"));
  Deno.test("peers behind a cable that is cut leave no connection open", () => play("cable cut"));
  Deno.test("a name server that never answers delays no role and no end", () =>
    play("resolver hangs"));
  Deno.test("a network that loses and delays packets makes nobody late", () =>
    play("packets lost"));
}
