import { canUnshare, runInNamespace } from "../support/namespace.ts";
import { NATS_SERVER } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";

const NAMESPACE = {
  name: "a network namespace (unshare, ip)",
  available: canUnshare(),
  howToGet: "apt-get install util-linux iproute2, and let users make namespaces",
};

if (
  requirement("a fleet over real brokers", NATS_SERVER) &&
  requirement("a fleet over real brokers", NAMESPACE)
) {
  Deno.test("a fleet of three brokers, set up as its plan says, through the loss of each", async () => {
    await runInNamespace(new URL("fleet_child.ts", import.meta.url), 240_000);
  });

  Deno.test("a fleet of 60 hosts through changes, the death of a leader and of a host", async () => {
    await runInNamespace(new URL("fleet_crowd_child.ts", import.meta.url), 300_000);
  });

  Deno.test("a console says that a broker keeps nothing any more because its disk is full", async () => {
    await runInNamespace(new URL("fleet_disk_child.ts", import.meta.url), 180_000);
  });
}
