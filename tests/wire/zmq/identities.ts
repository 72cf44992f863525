/**
 * Ends of connections for the tests of engines.
 *
 * @module
 */

import type { Mechanism, ZmqIdentity } from "../../../src/wire/zmq/handshake.ts";
import type { SocketType } from "../../../src/wire/zmq/socket_type.ts";

const NULL: Mechanism = { name: "NULL" };

/** PLAIN as a server that knows one user. */
export const ADMIN_ONLY: Mechanism = {
  name: "PLAIN",
  admit: (username, password) => username === "admin" && password === "secret",
};

/** PLAIN as that user. */
export const ADMIN: Mechanism = { name: "PLAIN", username: "admin", password: "secret" };

/** An end that waits. */
export function server(socketType: SocketType, mechanism: Mechanism = NULL): ZmqIdentity {
  return { socketType, side: "server", mechanism, routingId: new Uint8Array(0) };
}

/** An end that connects. */
export function client(
  socketType: SocketType,
  mechanism: Mechanism = NULL,
  routingId = "",
): ZmqIdentity {
  const bytes = new TextEncoder().encode(routingId);
  return { socketType, side: "client", mechanism, routingId: bytes };
}
