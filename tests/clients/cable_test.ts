import { strict as assert } from "node:assert";
import * as library from "../../mod.ts";
import { canUnshare, runInNamespace } from "../support/namespace.ts";
import { requirement } from "../support/require.ts";
import { CABLE_CLIENTS } from "./cable_clients.ts";
import { clientsOf } from "./exported_clients.ts";

Deno.test("cable: all clients that the doors export hang on it", () => {
  const hanging = Object.keys(CABLE_CLIENTS).filter((name) => name !== "hev watch");
  assert.deepEqual(hanging.sort(), clientsOf(library));
});

if (
  requirement("clients at a cable that is cut", {
    name: "two network namespaces (unshare, nsenter, ip)",
    available: canUnshare(),
    howToGet: "apt-get install util-linux iproute2, and let users make namespaces",
  })
) {
  Deno.test("every client notices a cut cable, says so once, and comes back", async () => {
    await runInNamespace(new URL("cable_child.ts", import.meta.url));
  });
}
