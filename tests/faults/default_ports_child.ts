/**
 * A host with all roles and no other settings, in a network of its own.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";
import { victimsOf } from "./victims.ts";

/** The ports of the original programs, which their clients know, and the console's. */
const PORTS: Readonly<Record<string, readonly number[]>> = {
  heartbeat: [8888],
  trigger: [7561],
  hev: [54320, 54321, 54322],
  state: [4321, 6969, 8765],
  console: [8880],
};

await using host = new PulseboxProcess(["--all", "--hev-source=emulator"]);
const [text] = await host.stderrHas(/[^]*role=console/);
const reported = [...text.matchAll(/Listening on (\S+) role=(\w+)/g)]
  .map(([, url = "", role = ""]) => ({ url, role }));
const victims = victimsOf(reported, "");
for (const [role, ports] of Object.entries(PORTS)) {
  const own = victims.filter(({ name }) => name.startsWith(`${role} `)).map(({ port }) => port);
  assert.deepEqual([...new Set(own)].sort((a, b) => a - b), ports, role);
}
assert.deepEqual([...new Set(reported.map(({ role }) => role))].sort(), Object.keys(PORTS).sort());
for (const victim of victims) await victim.serves();
