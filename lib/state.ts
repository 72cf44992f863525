/**
 * Game clients: heartbeats over HTTP, states over ZeroMQ.
 *
 * ```ts ignore
 * import { GameClient } from "@pulsebox/pulsebox/state";
 *
 * await using client = new GameClient({ url: "http://127.0.0.1:6969", id: "1" });
 * using _ = client.watch((state) => console.log(`The game is ${state}`));
 * ```
 *
 * @module
 */

export { GameClient } from "../src/clients/game/client.ts";
export type { GameClientOptions, StateListener } from "../src/clients/game/client.ts";
export { CLIENT_STATES } from "../src/core/client_state.ts";
export type { ClientState } from "../src/core/client_state.ts";
export type { GameCommand } from "../src/wire/mlf/topics.ts";
export { GameError } from "../src/clients/game/error.ts";
export type { GameFailure } from "../src/clients/game/error.ts";
export type { ExchangeFailure } from "../src/net/http/client.ts";
export { ClientError } from "../src/core/client_error.ts";
export type { ClientStatus, StatusListener } from "../src/net/client_status.ts";
