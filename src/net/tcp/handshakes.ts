/**
 * How many peers may be in the middle of a handshake of TLS, and which of them has to go.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { Crowd } from "./crowd.ts";

/**
 * Connections of one server that have a session of TLS and have sent no whole request yet. Each takes
 * 40 kB, and as much once more after its end until the garbage is collected.
 */
export const UNSERVED_WITH_TLS_MAX = 256;
/** How long such a connection is not ended for a newcomer of the same right, in milliseconds. */
export const HANDSHAKE_PATIENCE_MS = 2_000;

/** Phases of connections that have been of no use yet. */
const UNSERVED = ["greeted", "opening"] as const;

/**
 * Finds the connection that has to end when a newcomer is about to get a session of TLS. Those in the
 * middle of their handshakes go before the newcomer only if their address has more connections or if
 * they are slow: when all members of a network come back at once, some have to get through.
 *
 * @param crowd All connections of the server, the newcomer among them.
 * @param now On the clock of deadlines, in milliseconds.
 * @return Undefined if there is room for all.
 */
export function handshakeTooMany(
  crowd: Crowd,
  newcomer: Connection,
  now: number,
): Connection | undefined {
  const unserved = UNSERVED.reduce((sum, phase) => sum + crowd.sizeOf(phase), 0);
  if (unserved <= UNSERVED_WITH_TLS_MAX) return undefined;
  const other = crowd.leastUseful(undefined, UNSERVED) ?? newcomer;
  const crowds = crowd.sizeAt(other.peer.hostname) > crowd.sizeAt(newcomer.peer.hostname);
  return crowds || now - other.activeAt >= HANDSHAKE_PATIENCE_MS ? other : newcomer;
}
