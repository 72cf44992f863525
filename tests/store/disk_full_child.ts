/**
 * A host on a disk that is too small. Run by `disk_full_test.ts`; prints one line of JSON.
 *
 * @module
 */

import { idOf, VirtualHost } from "./virtual_host.ts";

const APPLICATIONS_MAX = 20_000;
/** Takes room until the disk is to have some again. */
const BALLAST_BYTES = 180_000;

const directory = Deno.args[0] ?? ".";
const ballast = `${directory}/ballast`;
Deno.writeFileSync(ballast, new Uint8Array(BALLAST_BYTES));
const report: Record<string, unknown> = {};
{
  using host = new VirtualHost(directory);
  host.store.load();
  const subscription = host.events.subscribe({ capacity: 100_000 });
  let count = 0;
  for (; count < APPLICATIONS_MAX && host.store.health().ok; count++) {
    host.beat(`a name that takes some room ${"x".repeat(200)} ${count}`);
    if (count % 50 === 0) host.store.commitDue();
  }
  report["failed"] = !host.store.health().ok;
  report["message"] = host.store.health().message;
  report["members"] = host.hilbert.size === count;
  Deno.removeSync(ballast);
  for (const member of [...host.hilbert.values()]) host.hilbert.leave(member.id, host.clock.now());
  host.beat("survivor");
  host.clock.pass(120_000);
  host.store.commitDue();
  report["recovered"] = host.store.health().ok;
  const types: string[] = [];
  for (let event = subscription.take(); event; event = subscription.take()) {
    if (event.type.startsWith("store-")) types.push(event.type);
  }
  report["events"] = types;
}
using again = new VirtualHost(directory);
again.store.load();
report["restored"] = again.stateOf("survivor") === "ok" && again.hilbert.size === 1 &&
  again.hilbert.get(idOf("survivor")) !== undefined;
console.log(JSON.stringify(report));
