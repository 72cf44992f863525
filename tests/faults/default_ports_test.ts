import { canUnshare, runInNamespace } from "../support/namespace.ts";
import { requirement } from "../support/require.ts";

if (
  requirement("the ports that clients of the originals know", {
    name: "unshare and ip",
    available: canUnshare(),
    howToGet: "apt-get install util-linux iproute2",
  })
) {
  Deno.test("a host with all roles serves at the ports that clients of the originals know", async () => {
    await runInNamespace(new URL("default_ports_child.ts", import.meta.url));
  });
}
