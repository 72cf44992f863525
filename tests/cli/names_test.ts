import { canUnshare, runInNamespace } from "../support/namespace.ts";
import { requirement } from "../support/require.ts";

if (
  requirement("names with several addresses, and zones", {
    name: "a network namespace (unshare, ip)",
    available: canUnshare(),
    howToGet: "apt-get install util-linux iproute2, and let users make namespaces",
  })
) {
  Deno.test("every port listens on all addresses of a name", async () => {
    await runInNamespace(new URL("names_child.ts", import.meta.url));
  });

  Deno.test("every option that takes a host or a URL takes a zone", async () => {
    await runInNamespace(new URL("zones_child.ts", import.meta.url));
  });

  Deno.test("another computer reaches the page and the heartbeats as the README says", async () => {
    await runInNamespace(new URL("elsewhere_child.ts", import.meta.url));
  });

  Deno.test("a start waits for a port that an outgoing connection holds", async () => {
    await runInNamespace(new URL("port_wait_child.ts", import.meta.url));
  });
}
