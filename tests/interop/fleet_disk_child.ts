/**
 * Runs in a namespace of its own: a broker whose disk is full, and what a console says of it.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { fleetRules } from "../../src/roles/fleet/options.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { NO_COUNTS, startRole } from "../roles/fleet/started_role.ts";
import { NatsServer } from "../support/nats_server.ts";
import { until } from "../support/tcp.ts";

const WAIT_MS = 30_000;
const LOOK_MS = 100;
const folder = await Deno.makeTempDir();
const disk = `${folder}/streams`;

/** So many that a report does not fit into what is left of a page of the disk. */
const MEMBERS = Array.from({ length: 200 }, (_, index) => ({
  id: `hilbert/exhibit-${index}`,
  name: `exhibit-${index}`,
  station: null,
  state: "ok" as const,
  forMs: 1,
}));

async function sh(command: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", { args: ["-ec", command] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

await sh(`mkdir "${disk}" && mount -t tmpfs -o size=4m none "${disk}"`);
try {
  await using broker = await NatsServer.start({
    folder,
    jetstream: false,
    config: `jetstream { store_dir: "${disk}", max_file_store: 268435456 }`,
  });
  assert.equal((await runProcess(["fleet", "init", `--fleet=${broker.url}`])).status, 0);
  const events = new Events();
  await using role = startRole(broker.port, {
    roster: new Members({ now: 0, events }).open(fleetRules()),
    events,
    describe: () => ({ verdict: "well", headline: "", counts: NO_COUNTS, members: MEMBERS }),
  });
  await until(() => role.viewer?.get("desk")?.document !== undefined, "it hears itself");
  assert.deepEqual(role.warnings(), []);
  await sh(`dd if=/dev/zero of="${disk}/fill" bs=4k 2>/dev/null || true`);
  const isSaid = () =>
    role.warnings().some((text) => /has no memory: .*whether a disk is full$/.test(text));
  for (const end = performance.now() + WAIT_MS; !isSaid();) {
    assert.ok(performance.now() < end, `the full disk is said: ${role.warnings()}`);
    // Something happens that the console reports.
    events.publish({ type: "telling-recovered", at: 0, way: "" });
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
} finally {
  await sh(`umount -l "${disk}"`);
  await Deno.remove(folder, { recursive: true });
}
