/**
 * What ports tell of their connections, as metrics.
 *
 * @module
 */

import type { TcpServerCounters } from "./tcp_server.ts";

/** A port as far as its connections are counted. */
export interface CountedPort {
  readonly connections: number;
  readonly counters: TcpServerCounters;
}

/** The samples of all ports of a role together. */
export function connectionSamples(
  role: string,
  ports: readonly CountedPort[],
): Record<string, number> {
  let open = 0, accepted = 0, abandoned = 0, acceptErrors = 0, unasked = 0;
  for (const { connections, counters } of ports) {
    open += connections;
    accepted += counters.accepted;
    abandoned += counters.abandoned;
    acceptErrors += counters.acceptErrors;
    unasked += counters.closed.unasked ?? 0;
  }
  const labels = `{role="${role}"}`;
  return {
    [`pulsebox_connections${labels}`]: open,
    [`pulsebox_connections_accepted_total${labels}`]: accepted,
    [`pulsebox_connections_abandoned_total${labels}`]: abandoned,
    [`pulsebox_connections_flooding_total${labels}`]: unasked,
    [`pulsebox_connection_accept_errors_total${labels}`]: acceptErrors,
  };
}
