/**
 * Heartbeats of applications, as a Hilbert server understands them.
 *
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox/heartbeat";
 *
 * // HB_URL and its like tell where the server is; http://127.0.0.1:8888 by default
 * const environment = (name: string) => Deno.env.get(name);
 * const client = new HilbertClient({ appId: "tetris", environment });
 * console.log(await client.ping(5_000)); // the next one within six seconds
 * ```
 *
 * @module
 */

export { HilbertClient } from "../src/clients/hilbert/client.ts";
export type { HilbertCallOptions, HilbertClientOptions } from "../src/clients/hilbert/client.ts";
export { Beat } from "../src/clients/hilbert/beat.ts";
export type { BeatOptions } from "../src/clients/hilbert/beat.ts";
export { HilbertError } from "../src/clients/hilbert/error.ts";
export type { HilbertFailure } from "../src/clients/hilbert/error.ts";
export type { HilbertSettings } from "../src/clients/hilbert/settings.ts";
export type { ExchangeFailure } from "../src/net/http/client.ts";
export { parseList, parseStatus, parseWait } from "../src/wire/hilbert/answers.ts";
export type { StatusLine, StatusWord } from "../src/wire/hilbert/answers.ts";
export { formatIdentity, parseIdentity } from "../src/wire/hilbert/identity.ts";
export type { HilbertIdentity } from "../src/wire/hilbert/identity.ts";
export { ClientError } from "../src/core/client_error.ts";
export type { ClientStatus, StatusListener } from "../src/net/client_status.ts";
