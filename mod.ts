/**
 * The protocols of Pulsebox as a library.
 *
 * An application of an exhibit tells that it is alive:
 *
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox";
 *
 * const client = new HilbertClient({ appId: "tetris", environment: (name) => Deno.env.get(name) });
 * await using beat = client.beat({ delayMs: 5_000 });
 * // … the application runs; heartbeats are sent until the end of this block
 * ```
 *
 * Each protocol is also an entrance of its own: `@pulsebox/pulsebox/heartbeat`, `/trigger`, `/hev`,
 * `/state` and `/zmq`. Their lists of exports are written by hand.
 *
 * @module
 */

export * from "./lib/heartbeat.ts";
export * from "./lib/state.ts";
export * from "./lib/hev.ts";
export * from "./lib/trigger.ts";
export * from "./lib/zmq.ts";
