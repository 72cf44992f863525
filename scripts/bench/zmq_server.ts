/**
 * The product's sockets for the bench, over WebSocket: a publisher at `/sub`, an echo at `/req`.
 * Prints its port. Who subscribes to `go COUNT` starts COUNT publications to all.
 *
 * @module
 */

import { HttpServer } from "../../src/net/http/server.ts";
import { upgradeToZmq } from "../../src/net/zmq/upgrade.ts";
import { ZmqRouter } from "../../src/net/zmq/router.ts";
import { ZmqXPub } from "../../src/net/zmq/xpub.ts";

const BATCH = 100;
const PAYLOAD = new Uint8Array(100).fill(0x74);

if (import.meta.main) {
  const xpub = new ZmqXPub({
    limits: { unsentBytes: 67_108_864 },
    onSubscribe: (_, topic) => {
      const count = Number(/^go (\d+)$/.exec(new TextDecoder().decode(topic))?.[1] ?? 0);
      publish(xpub, count);
    },
  });
  const router = new ZmqRouter({ onRequest: (request) => request });
  const doors = new Map(Object.entries({ sub: xpub, req: router }));
  const server = HttpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    upgrade: (head, handover) => upgradeToZmq(head, handover, doors),
  });
  console.log(server.addresses[0]?.port);
}

/** Publishes in batches, so that the event loop can send meanwhile. */
function publish(xpub: ZmqXPub, count: number): void {
  if (count <= 0) return;
  for (let index = 0; index < BATCH; index++) xpub.publish([PAYLOAD]);
  setTimeout(() => publish(xpub, count - BATCH), 0);
}
