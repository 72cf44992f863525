/**
 * Runs a museum's fleet through the loss of hosts, cables and brokers, in a network of its own, and
 * prints what it measures:
 * `deno task fleet:acceptance [HOSTS] [MEMBERS] [SECONDS] [full|outages] [OUTAGES] [SEED]`.
 *
 * With `outages`, nothing is run but outages: `deno task fleet:acceptance 300 5 0 outages 1000 7` takes
 * about eight minutes.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const [hosts = "300", members = "100", seconds = "60", extent = "full"] = Deno.args;
const [outages = "100", seed = "1"] = Deno.args.slice(4);
const child = fileURLToPath(new URL("../../tests/interop/fleet_crowd_child.ts", import.meta.url));
const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", child];
const { code } = await new Deno.Command("unshare", {
  args: [
    ...["--user", "--map-root-user", "--net", "--mount"],
    ...["bash", "-c", 'ip link set lo up && exec "$@"', "acceptance"],
    ...[...run, hosts, members, seconds, extent, outages, seed],
  ],
  stdin: "null",
}).spawn().status;
Deno.exit(code);
