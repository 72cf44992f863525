/**
 * How processor time and memory grow with the number of connections that ask, beside peers and floors.
 *
 * @module
 */

import { allGrown } from "./peers/growth.ts";
import { heartbeatContenders } from "./peers_heartbeat.ts";
import { requestContenders } from "./peers_request.ts";
import type { Row } from "./row.ts";

const SIZES = [10, 100, 1_000, 10_000];

/** Measures one line-up after the other. */
export function run(): Promise<Row[]> {
  const request = { area: "peers", thing: "request", clients: "connections", sizes: SIZES };
  return allGrown([
    { ...request, what: "REQ over ws", contenders: requestContenders("ws") },
    { ...request, what: "hb_ping", contenders: heartbeatContenders() },
  ]);
}
