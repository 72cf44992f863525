/**
 * Limits of a server: connections in all, connections per address, and shutdown.
 *
 * @module
 */

/** How many connections a server holds, and how it shuts down. */
export interface TcpServerLimits {
  /**
   * Connections in all; 5 000. Each takes one descriptor, with or without TLS, and up to 17 kB of
   * memory, so that a full port takes at most 100 MB.
   */
  readonly connectionsMax: number;
  /**
   * The most connections of one peer address; 2 048. Each 127.x.y.z counts on its own, but on a
   * full port, connections of loopback make room for those of the network. With IPv6, all
   * connections of a /64 count together, because a subscriber gets at least a /64.
   */
  readonly connectionsPerAddressMax: number;
  /**
   * How long busy connections may go on after the server was told to stop, in milliseconds; 2 000.
   */
  readonly drainMs: number;
  /** Decides by the peer's IP address whether a connection is accepted; all are if not given. */
  readonly sources?: { admits(hostname: string): boolean };
}

/** The limits unless the user sets others. */
export const TCP_SERVER_LIMITS: TcpServerLimits = {
  connectionsMax: 5_000,
  connectionsPerAddressMax: 2_048,
  drainMs: 2_000,
};
