/**
 * How many connections a server holds, whose, and how it ends.
 *
 * @module
 */

/** How many connections a server holds and how it ends. */
export interface TcpServerLimits {
  /** Connections in all. */
  readonly connectionsMax: number;
  /**
   * Connections of one peer address; on loopback every 127.x.y.z is its own. With IPv6 all
   * connections of a /64 count together: that is the least that a network gets.
   */
  readonly connectionsPerAddressMax: number;
  /** How long connections that are being served may go on after the server was told to stop. */
  readonly drainMs: number;
  /** Whose connections are taken; everybody's by default. */
  readonly sources?: { admits(hostname: string): boolean };
}

/** The limits unless the user sets others. */
export const TCP_SERVER_LIMITS: TcpServerLimits = {
  connectionsMax: 8_192,
  connectionsPerAddressMax: 2_048,
  drainMs: 2_000,
};
