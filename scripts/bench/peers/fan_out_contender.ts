/**
 * One server that forwards publications to a crowd, as a contender.
 *
 * @module
 */

import { type Contender, memoryMb, type Sample, used } from "./contest.ts";
import { Crowd } from "./crowd.ts";
import type { Dialect } from "./dialect.ts";
import { closedLoop, openLoop, publisherOn, warmUp } from "./fan_out.ts";
import type { Server } from "./servers.ts";

/** Who it is, and what it is loaded with. */
export interface FanOut extends Pick<Contender, "name" | "kind"> {
  readonly dialect: Dialect;
  readonly clients: number;
  /** The name of its subscribers' port; the dialect's if not given. */
  readonly port?: string;
}

const SECONDS = 1.5;
const PACED = { perSecond: 200, seconds: 2 };

/** Makes a contender of a server. */
export function fanOutContender(
  fanOut: FanOut,
  start: () => Promise<Server | undefined>,
): Contender {
  return {
    name: fanOut.name,
    kind: fanOut.kind,
    start,
    measure: (server) => measure(server, fanOut),
  };
}

async function measure(
  server: Server,
  { dialect, clients, port = dialect.name }: FanOut,
): Promise<Sample> {
  await using crowd = await Crowd.connect(server.ports[port] ?? 0, clients, dialect);
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.ports["publisher"] ?? 0,
  });
  connection.setNoDelay(true);
  await dialect.publish(connection);
  const publisher = publisherOn(connection, dialect.published);
  await warmUp(publisher, crowd);
  const closed = await used(server, () => closedLoop(publisher, crowd, SECONDS));
  const { publications, seconds } = closed.result;
  const open = await used(server, () => openLoop(publisher, crowd, PACED));
  return {
    perSecond: publications / seconds,
    cpuUs: 1e6 * closed.cpuSeconds / (publications * clients),
    loadPercent: closed.loadPercent,
    p50Ms: open.result.quantile(0.5),
    p99Ms: open.result.quantile(0.99),
    p999Ms: open.result.quantile(0.999),
    pacedCpuUs: 1e6 * open.cpuSeconds / open.result.count,
    memoryMb: memoryMb(server),
  };
}
