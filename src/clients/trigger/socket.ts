/**
 * Where pings arrive.
 *
 * @module
 */

import { ListenError } from "../../net/listen_error.ts";
import { UdpSocket } from "../../net/udp/socket.ts";
import { encodeRegistration, RECEIVE_BYTES } from "../../wire/tix/datagram.ts";

/**
 * A socket that reaches services of either family.
 *
 * @param local Its address and port; any of this machine if not given.
 * @throws {ListenError} if the address cannot be had.
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
    // A socket of IPv6 reaches both families.
    return UdpSocket.bind({ hostname, port }, options);
  } catch (error) {
    const isOneFamily = local?.hostname === undefined &&
      error instanceof ListenError && error.kind === "no-such-address";
    if (!isOneFamily) throw error;
    return UdpSocket.bind({ hostname: "0.0.0.0", port }, options);
  }
}
