/**
 * What servers need of the system's connections.
 *
 * @module
 */

/** What a connection needs of the system, plain or through TLS. */
export interface NetConn {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
  setNoDelay?(noDelay?: boolean): void;
  /** With TLS: calls back when the peer has said hello; unless closed then, it costs more from now on. */
  whenGreeted?(callback: () => void): void;
}

/** What a server needs of a listener. */
export interface NetListener {
  readonly addr: Deno.NetAddr;
  accept(): Promise<NetConn>;
  close(): void;
}
