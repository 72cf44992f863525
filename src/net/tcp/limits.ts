/**
 * Limits of a server: its connections in all and by address, and its shutdown.
 *
 * @module
 */

/** How many connections a server holds and how it ends. */
export interface TcpServerLimits {
  /** Connections in all; 8 192. Each takes one descriptor, with TLS as without. */
  readonly connectionsMax: number;
  /**
   * The most connections of one peer address; 2 048. Each 127.x.y.z counts as its own, but
   * when a port is full, all of loopback together makes room for the network. With IPv6, all
   * connections of a /64 count together, because a subscriber gets at least a /64.
   */
  readonly connectionsPerAddressMax: number;
  /**
   * How long connections that are being served may go on after the server was told to stop, in
   * milliseconds; 2 000.
   */
  readonly drainMs: number;
  /** Decides by the peer's IP address whose connections are taken; everybody's if not given. */
  readonly sources?: { admits(hostname: string): boolean };
}

/** The limits unless the user sets others. */
export const TCP_SERVER_LIMITS: TcpServerLimits = {
  connectionsMax: 8_192,
  connectionsPerAddressMax: 2_048,
  drainMs: 2_000,
};
