/**
 * A phone that is woken each second, and how regular that is.
 *
 *     deno run --unstable-net --allow-net wake_up.ts 127.0.0.1 7561
 */

import { Cadence, TriggerClient } from "@pulsebox/pulsebox/trigger";

const [hostname = "127.0.0.1", port = "7561"] = Deno.args;
const PINGS = 3;

const cadence = new Cadence();
await using phone = new TriggerClient({ hostname, port: Number(port) });
let pings = 0;
for await (const { intervalMs } of phone) {
  if (intervalMs !== undefined) cadence.observe(intervalMs);
  if (++pings === PINGS) break;
}
const { intervals, meanMs } = cadence.figures();
console.log(`${intervals} intervals of ${meanMs.toFixed(1)} ms`);
