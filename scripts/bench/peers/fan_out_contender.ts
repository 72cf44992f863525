/**
 * One server that passes publications on to a crowd, as a contender.
 *
 * @module
 */

import { type Contender, memoryMb, type Sample, sampleOf, type Size, used } from "./contest.ts";
import { Crowd } from "./crowd.ts";
import type { Dialect } from "./dialect.ts";
import { closedLoop, openLoop, type Publisher, publisherOn, warmUp } from "./fan_out.ts";
import type { Server } from "./servers.ts";

/** Where publications come from, and how to end it. */
export type Source = Publisher & AsyncDisposable;

/** Who it is, and what it is loaded with. */
export interface FanOut extends Pick<Contender, "name" | "kind"> {
  readonly dialect: Dialect;
  readonly clients: number;
  /** The name of its subscribers' port; the dialect's if not given. */
  readonly port?: string;
  /** Where its publications come from; a connection to its port `publisher` if not given. */
  readonly source?: (server: Server) => Promise<Source>;
  /** The rate and time of the open loop; 200 a second for 2 s if not given. */
  readonly pace?: Pace;
}

interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

const SECONDS = 1.5;
const PACE: Pace = { perSecond: 200, seconds: 2 };

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
    grow: (server, clients) => grow(server, { ...fanOut, clients }),
  };
}

async function measure(server: Server, fanOut: FanOut): Promise<Sample> {
  const { clients, pace = PACE } = fanOut;
  await using crowd = await connect(server, fanOut);
  await using source = await (fanOut.source ?? connected(fanOut.dialect))(server);
  await warmUp(source, crowd);
  const closed = await used(server, () => closedLoop(source, crowd, SECONDS));
  const open = await used(server, () => openLoop(source, crowd, pace));
  return sampleOf(server, closed, open, clients);
}

async function grow(server: Server, fanOut: FanOut): Promise<Size> {
  const before = memoryMb(server);
  await using crowd = await connect(server, fanOut);
  await using source = await (fanOut.source ?? connected(fanOut.dialect))(server);
  await warmUp(source, crowd);
  const memory = memoryMb(server) - before;
  const { result, cpuSeconds } = await used(server, () => closedLoop(source, crowd, SECONDS));
  return { cpuUs: 1e6 * cpuSeconds / result.count, memoryMb: memory };
}

function connect(server: Server, { dialect, clients, port = dialect.name }: FanOut) {
  return Crowd.connect(server.ports[port] ?? 0, clients, dialect);
}

/** A publisher on a connection of its own to a server. */
export function connected(dialect: Dialect): (server: Server) => Promise<Source> {
  return async (server) => {
    const port = server.ports["publisher"] ?? 0;
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    await dialect.publish(connection);
    return {
      ...publisherOn(connection, dialect.published),
      [Symbol.asyncDispose]() {
        connection.close();
        return Promise.resolve();
      },
    };
  };
}
