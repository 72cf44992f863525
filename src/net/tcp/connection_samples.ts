/**
 * The metrics of a port's connections.
 *
 * @module
 */

import type { TcpServerCounters } from "./server.ts";

/** The counters of a port. */
export interface CountedPort {
  readonly connections: number;
  readonly counters: TcpServerCounters;
}

/** The samples of all ports of a role, added up. */
export function connectionSamples(
  role: string,
  ports: readonly CountedPort[],
): Record<string, number> {
  const sum = (count: (port: CountedPort) => number) =>
    ports.reduce((total, port) => total + count(port), 0);
  const labels = `{role="${role}"}`;
  return {
    [`pulsebox_connections${labels}`]: sum(({ connections }) => connections),
    [`pulsebox_connections_accepted_total${labels}`]: sum(({ counters }) => counters.accepted),
    [`pulsebox_connections_abandoned_total${labels}`]: sum(({ counters }) => counters.abandoned),
    [`pulsebox_connections_flooding_total${labels}`]: sum(({ counters }) =>
      counters.closed.unasked ?? 0
    ),
    [`pulsebox_connection_accept_errors_total${labels}`]: sum(({ counters }) =>
      counters.acceptErrors
    ),
  };
}
