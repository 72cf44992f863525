/**
 * A screen for an instrument: its values, and its alarms.
 *
 *     deno run --allow-net instrument.ts 127.0.0.1 54320
 */

import { HevClient } from "@pulsebox/pulsebox/hev";

const [hostname = "127.0.0.1", port = "54320"] = Deno.args;
const PACKETS = 3;

await using instrument = new HevClient({ hostname, port: Number(port) });
let packets = 0;
for await (const _ of instrument.packets()) {
  const pressure = instrument.values()?.["pressure_buffer"];
  console.log(`pressure ${pressure}, ${instrument.alarms().length} alarms`);
  if (++packets === PACKETS) break;
}
