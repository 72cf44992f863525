/**
 * The socket on which pings arrive.
 *
 * @module
 */

import { ListenError } from "../../net/listen_error.ts";
import { UdpSocket } from "../../net/udp/socket.ts";
import { encodeRegistration, RECEIVE_BYTES } from "../../wire/tix/datagram.ts";

/**
 * A socket that reaches services over IPv4 and IPv6.
 *
 * @param local Local address and port; any of this machine if not given.
 * @throws {ListenError} if the address cannot be used.
 */
export function bindTriggerSocket(
  local: { readonly hostname?: string; readonly port?: number } | undefined,
): UdpSocket {
  const { hostname = "::", port = 0 } = local ?? {};
  const options = {
    payload: encodeRegistration(),
    receiveBytes: RECEIVE_BYTES,
    batching: "runtime",
  } as const;
  try {
    // An IPv6 socket reaches both families.
    return UdpSocket.bind({ hostname, port }, options);
  } catch (error) {
    const isOneFamily = local?.hostname === undefined &&
      error instanceof ListenError && error.kind === "no-such-address";
    if (!isOneFamily) throw error;
    return UdpSocket.bind({ hostname: "0.0.0.0", port }, options);
  }
}
