/**
 * A client on a machine that does not know IPv6: the first socket that it asks for is refused.
 *
 * @module
 */

import { TriggerClient } from "../../../src/clients/trigger/client.ts";

const [hostname = "", port = ""] = Deno.args;
await using client = new TriggerClient({ hostname, port: Number(port) });
await client[Symbol.asyncIterator]().next();
console.log(`woken ${client.pings} time`);
