/**
 * The sockets of a trigger role.
 *
 * @module
 */

import type { Peer } from "../../net/address.ts";
import { ListenError } from "../../net/listen_error.ts";
import { UdpSocket } from "../../net/udp_socket.ts";
import { encodePing, RECEIVE_BYTES } from "../../wire/tix/datagram.ts";
import { SOCKETS_MAX } from "./client_keys.ts";

const EVERY_IPV4 = "0.0.0.0";
const EVERY_IPV6 = "::";

/**
 * Binds a socket to each address, or none at all. `::` hears IPv4 too on most systems; where it
 * does, `0.0.0.0` beside it needs no socket of its own. A port of 0 is picked once for all.
 *
 * @throws {ListenError} if an address cannot be had.
 * @throws {RangeError} if there are none, or more than {@linkcode SOCKETS_MAX}.
 */
export function bindSockets(
  addresses: readonly Peer[],
  batching: "kernel" | "runtime",
): readonly UdpSocket[] {
  if (addresses.length < 1 || addresses.length > SOCKETS_MAX) {
    throw new RangeError(
      `Cannot start trigger: ${addresses.length} addresses, must be 1 to ${SOCKETS_MAX}`,
    );
  }
  using opened = new DisposableStack();
  const sockets: UdpSocket[] = [];
  const isDual = addresses.some(({ hostname }) => hostname === EVERY_IPV6);
  // The one that hears more comes first.
  const ordered = addresses.toSorted((a, b) => rank(a) - rank(b));
  const payload = encodePing();
  for (const { hostname, port } of ordered) {
    const wanted = { hostname, port: port === 0 ? sockets[0]?.address.port ?? 0 : port };
    try {
      const socket = UdpSocket.bind(wanted, { payload, receiveBytes: RECEIVE_BYTES, batching });
      sockets.push(opened.use(socket));
    } catch (error) {
      const isHeard = isDual && hostname === EVERY_IPV4 && error instanceof ListenError &&
        error.code === "in-use";
      if (!isHeard) throw error;
    }
  }
  opened.move();
  return sockets;
}

function rank({ hostname }: Peer): number {
  return hostname === EVERY_IPV6 ? 0 : 1;
}
