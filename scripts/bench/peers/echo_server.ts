/**
 * The product's ROUTER, which sends every request back, over both transports. Prints its ports.
 *
 * @module
 */

import { ZmqRouter } from "../../../src/net/zmq/router.ts";
import { ZmqServer } from "../../../src/net/zmq/server.ts";

if (import.meta.main) {
  const router = new ZmqRouter({ onRequest: (request) => request });
  const limits = { connectionsMax: 100_000, connectionsPerAddressMax: 100_000 };
  const portOf = (url: string) =>
    Number(new URL(ZmqServer.listen(url, router, { limits }).url).port);
  const ports = { tcp: portOf("tcp://127.0.0.1:0"), ws: portOf("ws://127.0.0.1:0/req") };
  console.log(JSON.stringify(ports));
}
