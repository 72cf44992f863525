/**
 * The sockets of a trigger role.
 *
 * @module
 */

import type { Peer } from "../../net/address.ts";
import { type ListenAddress, type Listening, listenOnAll } from "../../net/tcp/listening.ts";
import { ListenError } from "../../net/listen_error.ts";
import { UdpSocket } from "../../net/udp/socket.ts";
import { encodePing, RECEIVE_BYTES } from "../../wire/tix/datagram.ts";
import { SOCKETS_MAX } from "./client_keys.ts";

const EVERY_IPV4 = "0.0.0.0";
const EVERY_IPV6 = "::";

/**
 * Binds a socket to each address, or none at all. On most systems, `::` receives IPv4 too;
 * `0.0.0.0` beside it then needs no socket of its own. Port 0 picks one port for all sockets.
 *
 * @throws {ListenError} if an address cannot be used.
 * @throws {RangeError} if there are none, or more than {@linkcode SOCKETS_MAX}.
 */
export function bindSockets(
  addresses: readonly ListenAddress[],
  batching: "kernel" | "runtime",
): readonly UdpSocket[] {
  if (addresses.length < 1 || addresses.length > SOCKETS_MAX) {
    throw new RangeError(
      `Cannot start trigger: ${addresses.length} addresses, must be 1 to ${SOCKETS_MAX}`,
    );
  }
  const isDual = addresses.some(({ hostname }) => hostname === EVERY_IPV6);
  const payload = encodePing();
  const sockets = listenOnAll<UdpSocket | Listening>(
    // Bind wildcard addresses first.
    addresses.toSorted((a, b) => rank(a) - rank(b)),
    (address) => {
      try {
        return UdpSocket.bind(address, { payload, receiveBytes: RECEIVE_BYTES, batching });
      } catch (error) {
        const isHeard = isDual && address.hostname === EVERY_IPV4 &&
          error instanceof ListenError && error.kind === "in-use";
        if (!isHeard) throw error;
        return { address, [Symbol.dispose]: () => {} };
      }
    },
  );
  return sockets.filter((socket) => socket instanceof UdpSocket);
}

function rank({ hostname }: Peer): number {
  return hostname === EVERY_IPV6 ? 0 : 1;
}
