/**
 * How slow and how silent a ZeroMQ peer may be.
 *
 * @module
 */

/**
 * What happens to a message for a peer that is too slow: it is dropped for that peer alone and
 * counted, or the peer is disconnected.
 */
export type ZmqOverflow = "drop" | "disconnect";

/** Limits of one peer. */
export interface ZmqPeerLimits {
  /** From the connection to the end of the handshake, in milliseconds. */
  readonly handshakeMs: number;
  /** Bytes that may wait for a peer: its high-water mark. */
  readonly unsentBytes: number;
  /**
   * A peer for which more waits is not listened to until it has read: for sockets that answer, so
   * that who asks fast and reads slowly loses nothing. `Infinity` to listen always.
   */
  readonly pauseBytes: number;
  /** What happens above the high-water mark. */
  readonly overflow: ZmqOverflow;
  /**
   * A peer that was silent for so long is asked whether it lives, and disconnected when it stays
   * silent three times as long, in milliseconds; 0 or `Infinity` to ask nobody.
   */
  readonly heartbeatMs: number;
}

/** The limits unless the user sets others. */
export const ZMQ_PEER_LIMITS: ZmqPeerLimits = {
  handshakeMs: 5_000,
  unsentBytes: 4_194_304,
  pauseBytes: Infinity,
  overflow: "drop",
  heartbeatMs: 30_000,
};

/** The same limits, in which a heartbeat of 0 is none. */
export function withHeartbeat<T extends ZmqPeerLimits>(limits: T): T {
  return limits.heartbeatMs === 0 ? { ...limits, heartbeatMs: Infinity } : limits;
}
