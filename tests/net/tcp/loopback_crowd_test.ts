import { canUnshare, runInNamespace } from "../../support/namespace.ts";
import { requirement } from "../../support/require.ts";

if (
  requirement("a port that a local user fills", {
    name: "a network of its own",
    available: canUnshare(),
    howToGet: "apt-get install iproute2 util-linux, and user namespaces",
  })
) {
  Deno.test("a local user with many loopback addresses keeps nobody of the network out", async () => {
    await runInNamespace(new URL("loopback_crowd_child.ts", import.meta.url));
  });
}
