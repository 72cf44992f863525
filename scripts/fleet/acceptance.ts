/**
 * Runs a museum's fleet through the loss of hosts, cables and brokers, in a network of its own, and
 * prints what it measures: `deno task fleet:acceptance [HOSTS] [MEMBERS] [SECONDS] [full] [OUTAGES]`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const [hosts = "300", members = "100", seconds = "60", extent = "full", outages = "100"] =
  Deno.args;
const child = fileURLToPath(new URL("../../tests/interop/fleet_crowd_child.ts", import.meta.url));
const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", child];
const { code } = await new Deno.Command("unshare", {
  args: [
    ...["--user", "--map-root-user", "--net", "--mount"],
    ...["bash", "-c", 'ip link set lo up && exec "$@"', "acceptance"],
    ...[...run, hosts, members, seconds, extent, outages],
  ],
  stdin: "null",
}).spawn().status;
Deno.exit(code);
