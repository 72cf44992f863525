/**
 * Limits the number of pending TLS handshakes, and chooses which one to end.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { Crowd } from "./crowd.ts";

/**
 * The most connections of one server that have a TLS session but have not sent a whole request yet.
 * Each takes 40 kB, and as much again after its end until the garbage is collected.
 */
export const UNSERVED_WITH_TLS_MAX = 256;
/**
 * How long such a connection is protected from a newcomer with an equal claim, in milliseconds.
 */
export const HANDSHAKE_PATIENCE_MS = 2_000;

/** Phases of connections that have not been useful yet. */
const UNSERVED = ["greeted", "opening"] as const;

/**
 * Finds the connection to end when a newcomer is about to get a TLS session. A pending handshake
 * gives way to the newcomer only if its address has more connections or if it is slow: when all
 * members of a network come back at once, some have to get through.
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
