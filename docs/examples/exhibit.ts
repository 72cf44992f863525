/**
 * An exhibit that tells its heartbeat server that it lives.
 *
 *     deno run --allow-net --allow-env exhibit.ts http://127.0.0.1:8888
 *
 * Until the end of its block, heartbeats go out by themselves, as often as the server asks for. A
 * server that is away never stops the exhibit.
 */

import { HilbertClient } from "@pulsebox/pulsebox/heartbeat";

const [url = "http://127.0.0.1:8888"] = Deno.args;
const client = new HilbertClient({ url, appId: "kaleidoscope" });

{
  await using _beat = client.beat({ delayMs: 2_000 });
  for (let turn = 1; turn <= 3; turn++) {
    console.log(`The kaleidoscope turns for the ${turn}. time`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const { name } of await client.listEntries()) console.log(`still listed: ${name}`);
