/**
 * Which dialect of ZWS 2.0 is spoken (RFC 45; zws.md section 2).
 *
 * @module
 */

import type { Mechanism } from "../zmq/handshake.ts";

/** The dialects: without handshake, and with the handshake of a mechanism. */
export type Subprotocol = "ZWS2.0" | "ZWS2.0/NULL" | "ZWS2.0/PLAIN";

/** The dialects for a mechanism, the best first: libzmq misbehaves on plain `ZWS2.0`. */
export function subprotocolsFor(mechanism: Mechanism): readonly Subprotocol[] {
  return mechanism.name === "NULL" ? ["ZWS2.0/NULL", "ZWS2.0"] : ["ZWS2.0/PLAIN"];
}

/** The dialect that a server chooses from an offer in any order; undefined if none fits. */
export function chooseSubprotocol(
  offered: readonly string[],
  mechanism: Mechanism,
): Subprotocol | undefined {
  return subprotocolsFor(mechanism).find((name) => offered.includes(name));
}
