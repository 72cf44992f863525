/**
 * One server that answers requests, as a contender.
 *
 * @module
 */

import { type Contender, memoryMb, type Sample, sampleOf, type Size, used } from "./contest.ts";
import { Askers, type Asking } from "./request_load.ts";
import type { Server } from "./servers.ts";

/** Who it is, and what it is asked. */
export interface Answering extends Pick<Contender, "name" | "kind"> {
  readonly asking: Asking;
  /** The name of its port. */
  readonly port: string;
  readonly connections: number;
  /** Requests a second of the open loop. */
  readonly perSecond: number;
}

const SECONDS = 1.5;
const PACED_SECONDS = 2;

/** Makes a contender of a server. */
export function requestContender(
  answering: Answering,
  start: () => Promise<Server | undefined>,
): Contender {
  return {
    name: answering.name,
    kind: answering.kind,
    start,
    measure: (server) => measure(server, answering),
    grow: (server, connections) => grow(server, { ...answering, connections }),
  };
}

async function grow(server: Server, { asking, port, connections }: Answering): Promise<Size> {
  const before = memoryMb(server);
  using askers = await Askers.connect({ port: server.ports[port] ?? 0, connections, asking });
  const memory = memoryMb(server) - before;
  const { result, cpuSeconds } = await used(server, () => askers.closedLoop(SECONDS));
  return { cpuUs: 1e6 * cpuSeconds / result.count, memoryMb: memory };
}

async function measure(
  server: Server,
  { asking, port, connections, perSecond }: Answering,
): Promise<Sample> {
  using askers = await Askers.connect({ port: server.ports[port] ?? 0, connections, asking });
  const closed = await used(server, () => askers.closedLoop(SECONDS));
  const open = await used(server, () => askers.openLoop({ perSecond, seconds: PACED_SECONDS }));
  return sampleOf(server, closed, open);
}
