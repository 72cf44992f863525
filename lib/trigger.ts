/**
 * Being woken each second over UDP, and how regular that is.
 *
 * ```ts
 * import { TriggerClient } from "@pulsebox/pulsebox/trigger";
 *
 * const signal = AbortSignal.timeout(1_500);
 * await using client = new TriggerClient({ hostname: "127.0.0.1", signal });
 * for await (const ping of client) console.log("woken after", ping.intervalMs);
 * ```
 *
 * @module
 */

export { TriggerClient } from "../src/clients/trigger/client.ts";
export type { TriggerClientOptions, TriggerPing } from "../src/clients/trigger/client.ts";
export { Cadence } from "../src/clients/trigger/cadence.ts";
export type { CadenceFigures } from "../src/clients/trigger/cadence.ts";
export type { ConnectionListener } from "../src/net/connection_news.ts";
