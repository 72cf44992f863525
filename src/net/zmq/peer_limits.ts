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

/** Limits of one peer. Each number may be `Infinity`. */
export interface ZmqPeerLimits {
  /** Timeout from connecting to the end of the handshake, in milliseconds; 5 000. */
  readonly handshakeMs: number;
  /** Bytes that may wait for a peer: its high-water mark; 4 194 304. */
  readonly unsentBytes: number;
  /**
   * Backpressure for sockets that answer: while more bytes than this wait for a peer, nothing is
   * read from it, so that a peer that asks fast and reads slowly loses no reply; `Infinity` (none)
   * unless set, 262 144 for a ROUTER.
   */
  readonly pauseBytes: number;
  /** What happens above the high-water mark; `drop`. */
  readonly overflow: ZmqOverflow;
  /**
   * A peer that has been silent for this long, in milliseconds, gets a ping; it is disconnected
   * after three times as long (ZMTP 3.1, PING and PONG); 30 000. 0 or `Infinity` for no pings.
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

/** Normalizes limits: a heartbeat of 0 means none. */
export function withHeartbeat<T extends ZmqPeerLimits>(limits: T): T {
  return limits.heartbeatMs === 0 ? { ...limits, heartbeatMs: Infinity } : limits;
}
