import { canUnshare, runInNamespace } from "../support/namespace.ts";
import { requirement } from "../support/require.ts";

if (
  requirement("a webhook's name that changes its address", {
    name: "network namespaces",
    available: canUnshare(),
    howToGet: "apt-get install util-linux iproute2, as a user who may make them",
  })
) {
  Deno.test("a webhook's name that is bent to this machine operates nothing here", () =>
    runInNamespace(new URL("rebinding_child.ts", import.meta.url)));
}
