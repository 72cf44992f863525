import { strict as assert } from "node:assert";
import { intervalsOf, Phone, startRole } from "./phone.ts";

const SENDER =
  new URL("../../../scripts/torture/trigger_flood_sender.ts", import.meta.url).pathname;
/** Short of the million of `scripts/torture/trigger_flood.ts`, to be over in seconds. */
const COUNT = 30_000;

Deno.test("TriggerRole stays small and on time in a flood of sources that nobody knows", async () => {
  const clientsMax = 1_000;
  const { role, port } = startRole({ clientsMax, newPerSecondMax: 100_000 });
  await using _ = role;
  using phone = Phone.open();
  await phone.say(port);
  await phone.hears(1);
  const flood = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-all", SENDER, String(port), "0", String(COUNT)],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  assert.ok((await flood.status).success);
  await phone.hears(phone.heard.length + 2);
  const { datagrams } = role.service.counters;
  assert.equal(role.service.clients.size, clientsMax);
  assert.ok(datagrams.refused_cap > COUNT / 2, `${datagrams.refused_cap} refused`);
  for (const interval of intervalsOf(phone.heard)) {
    assert.ok(Math.abs(interval - 1_000) < 250, `the known phone waited ${interval} ms`);
  }
  await phone.say(port);
  await phone.hears(phone.heard.length + 1);
  assert.equal(datagrams.refresh, 1, "a known phone is never limited");
});
