/**
 * The part of the system's connections that servers use.
 *
 * @module
 */

/** What a connection needs from the system, plain or through TLS. */
export interface NetConn {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
  setNoDelay?(noDelay?: boolean): void;
  /**
   * With TLS: calls back when the peer's hello has come. Unless the callback closes the connection,
   * a TLS session is then set up.
   */
  whenGreeted?(callback: () => void): void;
}

/** What a server needs of a listener. */
export interface NetListener {
  readonly addr: Deno.NetAddr;
  accept(): Promise<NetConn>;
  close(): void;
}
