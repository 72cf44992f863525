/**
 * The floor of round trips over ZeroMQ: no protocol at all, only messages of the same sizes. Whatever
 * arrives on a connection first is answered like an upgrade, everything else with a reply's bytes.
 * Prints its port.
 *
 * @module
 */

import { REPLY_BYTES, ROUTING_ID, UPGRADE } from "./zmq_load.ts";

const REPLY = new Uint8Array(REPLY_BYTES);
/** The head that ends the upgrade, and three bytes for a routing id. */
const UPGRADED = new TextEncoder().encode("HTTP/1.1 101 Switching Protocols\r\n\r\n___");

/** What the load sends to open a connection: an upgrade, and its routing id. */
const OPENING_BYTES = UPGRADE.length + ROUTING_ID.length;

if (import.meta.main) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(listener.addr.port);
  for await (const connection of listener) void answer(connection);
}

async function answer(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay(true);
  const buffer = new Uint8Array(4_096);
  try {
    // The client's routing id comes with its upgrade or after it.
    for (let received = 0; received < OPENING_BYTES;) {
      received += await connection.read(buffer) ?? Infinity;
    }
    await connection.write(UPGRADED);
    while (await connection.read(buffer) !== null) await connection.write(REPLY);
  } catch {
    // The load ended while a read or write was under way.
  }
  connection.close();
}
