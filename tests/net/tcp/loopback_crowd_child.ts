/**
 * A local user with many loopback addresses at a full port. Runs in a network of its own, in which
 * 10.0.0.7 is an address of the network.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { connect, type Socket } from "node:net";
import type { Connection } from "../../../src/net/tcp/connection.ts";
import { TcpServer } from "../../../src/net/tcp/server.ts";

const ROOM = 8;

for (const phase of ["silent", "busy"] as const) {
  const served: Connection[] = [];
  const waiting: ((connection: Connection) => void)[] = [];
  await using server = TcpServer.listen({
    addresses: [{ hostname: "0.0.0.0", port: 0 }],
    limits: { connectionsMax: ROOM, drainMs: 10 },
    serve: async (connection) => {
      connection.enter(phase, Infinity);
      served.push(connection);
      waiting.shift()?.(connection);
      await connection.ended();
    },
  });
  const sockets: Socket[] = [];
  const come = async (localAddress: string): Promise<Connection> => {
    const { promise, resolve } = Promise.withResolvers<Connection>();
    waiting.push(resolve);
    const { port = 0 } = server.addresses[0] ?? {};
    const host = localAddress.startsWith("127.") ? "127.0.0.1" : "10.0.0.7";
    const socket = connect({ host, port, localAddress }).on("error", () => {});
    sockets.push(socket.resume());
    return await promise;
  };
  const first = await come("10.0.0.7");
  for (let count = 1; count < ROOM; count++) await come(`127.0.0.${count}`);
  // Neither has more connections than the mean, and the one of the network is the oldest.
  const newcomer = await come("10.0.0.7");
  assert.equal(first.closeReason, undefined, phase);
  assert.equal(newcomer.closeReason, undefined, phase);
  assert.equal(served.filter(({ closeReason }) => closeReason === "shed").length, 1, phase);
  for (const socket of sockets) socket.destroy();
}
