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
export { TriggerError } from "../src/clients/trigger/error.ts";
export type { TriggerFailure } from "../src/clients/trigger/error.ts";
export { ListenError } from "../src/net/listen_error.ts";
export type { ListenFailure } from "../src/net/listen_error.ts";
export { ClientError } from "../src/core/client_error.ts";
export type { ClientStatus, StatusListener } from "../src/net/client_status.ts";
